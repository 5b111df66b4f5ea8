//! The plain interpreter of LANGUAGE.md (`plain/interpreter.py`) as a process that is asked line by line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use libtest_mimic::Failed;
use serde_json::Value as Json;

use crate::bundles::tools::tool;
use crate::runs::folder;

pub struct Interpreter {
    child: Child,
    /// `None` once it is told to end.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Interpreter {
    pub fn start() -> Result<Interpreter, Failed> {
        let mut command = Command::new(tool("python3"));
        command.arg(folder("plain").join("interpreter.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("python3: {error}"))?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        let answers = BufReader::new(answers.ok_or("the interpreter has no output")?);
        Ok(Interpreter { child, questions, answers })
    }

    /// What it gives for one request; its own failure is the error.
    pub fn ask(&mut self, request: &Json) -> Result<Json, Failed> {
        let questions = self.questions.as_mut().ok_or("the interpreter has ended")?;
        questions.write_all(format!("{request}\n").as_bytes())?;
        questions.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let answer: Json =
            serde_json::from_str(&line).map_err(|error| format!("the interpreter: {error}: {line:?}"))?;
        match answer["failed"].as_str() {
            Some(failed) => Err(format!("the interpreter failed: {failed}").into()),
            None => Ok(answer),
        }
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // It ends with its input.
        self.questions = None;
        let _ = self.child.wait();
    }
}
