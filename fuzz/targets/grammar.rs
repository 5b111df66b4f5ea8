//! Any text is read or refused as CPython's own parser does it; `python3` is asked for each. What is read and
//! then named as unknown or not supported has been read.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use dtc_expr::{CompileError, CompileErrorKind, Scope, compile};

/// Python 3.11 is the language's grammar; what later versions read is left to the corpus.
const PARSER: &str = r#"
import ast, sys, warnings
warnings.simplefilter('ignore')
for line in sys.stdin:
    try:
        ast.parse(bytes.fromhex(line).decode(), mode='eval')
        answer = '1'
    except SyntaxError:
        answer = '0'
    except Exception:
        answer = '?'
    print(answer, flush=True)
"#;
const LONGEST: usize = 200;

struct Python {
    _program: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

thread_local! {
    static PYTHON: RefCell<Python> = RefCell::new(Python::start());
}

impl Python {
    fn start() -> Python {
        let mut command = Command::new("python3");
        command.args(["-c", PARSER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn().expect("python3 starts");
        let questions = program.stdin.take().expect("it is piped");
        let answers = BufReader::new(program.stdout.take().expect("it is piped"));
        Python { _program: program, questions, answers }
    }

    /// Whether Python reads the text; `None` where it gives up for another reason, such as its depth.
    fn reads(&mut self, text: &str) -> Option<bool> {
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        writeln!(self.questions, "{hex}").expect("python3 listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("python3 answers");
        match answer.trim() {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        }
    }
}

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(&bytes[..bytes.len().min(LONGEST)]) else { return };
    // What stands around an expression in a document is cut off before it is read.
    let text = text.trim();
    // Python stops at a zero byte, and reads a form feed as the start of a line.
    if text.is_empty() || text.contains(['\0', '\u{c}']) {
        return;
    }
    let Some(wanted) = PYTHON.with_borrow_mut(|python| python.reads(text)) else { return };
    // Our own limits are refusals too: depth, and characters by their names.
    let limited = |error: &CompileError| error.message.contains("nested too deeply");
    let syntax = |kind| matches!(kind, CompileErrorKind::Syntax | CompileErrorKind::SingleEquals);
    let errors = compile(text, &Scope::new()).err().unwrap_or_default();
    if text.contains("\\N{") || errors.iter().any(limited) {
        return;
    }
    let found = !errors.iter().any(|error| syntax(error.kind));
    assert_eq!(found, wanted, "{text:?}: {:?}", errors.first());
}
