//! `dtc lsp`, spoken to as an editor does.

use std::io::BufReader;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use crate::{Place, STREAMING, WINDOW};

struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    requests: i32,
    /// Diagnostics as they were told, newest last.
    told: Vec<Value>,
}

impl Editor {
    fn start(place: &Place) -> Editor {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
        command.arg("lsp").current_dir(place.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let (input, output) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
        let mut editor = Editor { server, input, output, requests: 0, told: Vec::new() };
        let answer = editor.ask("initialize", json!({ "capabilities": {} }));
        assert_eq!(answer["capabilities"]["hoverProvider"], true);
        editor.tell("initialized", json!({}));
        editor
    }

    fn tell(&mut self, method: &str, params: Value) {
        Message::Notification(Notification { method: method.to_owned(), params }).write(&mut self.input).unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let response = self.response(method, params);
        assert!(response.error.is_none(), "{:?}", response.error);
        response.result.unwrap_or_default()
    }

    /// The reason of an answer that is none.
    fn refused(&mut self, method: &str, params: Value) -> String {
        let response = self.response(method, params);
        response.error.unwrap_or_else(|| panic!("not refused: {:?}", response.result)).message
    }

    /// The answer; what is told before it is kept.
    fn response(&mut self, method: &str, params: Value) -> Response {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        let request = Request { id: id.clone(), method: method.to_owned(), params };
        Message::Request(request).write(&mut self.input).unwrap();
        loop {
            match Message::read(&mut self.output).unwrap().expect("the server ended") {
                Message::Response(response) if response.id == id => return response,
                Message::Notification(told) => self.told.push(told.params),
                other => panic!("{other:?}"),
            }
        }
    }

    fn open(&mut self, place: &Place, name: &str, text: &str) -> String {
        let uri = format!("file://{}", place.path().join(name).display());
        let item = json!({ "uri": uri, "languageId": "dtc", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
        uri
    }

    /// The last told codes of a document. Asks something first, so that everything told before has arrived.
    fn codes(&mut self, uri: &str) -> Vec<String> {
        self.ask("textDocument/hover", at(uri, 0, 0));
        let told = self.told.iter().rev().find(|told| told["uri"] == uri).expect("nothing was told");
        let list = told["diagnostics"].as_array().unwrap().iter();
        list.map(|found| found["code"].as_str().unwrap().to_owned()).collect()
    }

    fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.server.wait().unwrap().success());
    }
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

/// Line and UTF-16 column behind a text's first appearance.
fn behind(text: &str, sought: &str) -> (u32, u32) {
    let end = text.find(sought).unwrap() + sought.len();
    let line = text[..end].matches('\n').count();
    let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
    (line as u32, text[start..end].encode_utf16().count() as u32)
}

#[test]
fn problems_and_cures_follow_the_text() {
    let place = Place::make();
    let mut editor = Editor::start(&place);
    let broken = STREAMING.replace("Type: ProductML:DTC:Streaming", "Tyoe: ProductML:DTC:Streaming");
    let stream = editor.open(&place, "s.dtc.yaml", &broken);
    assert_eq!(editor.codes(&stream), ["DTC0201"]);
    let start = json!({ "line": 0, "character": 0 });
    let params = json!({
        "textDocument": { "uri": stream }, "range": { "start": start, "end": start }, "context": { "diagnostics": [] },
    });
    let actions = editor.ask("textDocument/codeAction", params);
    assert_eq!(actions[0]["edit"]["changes"][&stream][0]["newText"], "Type", "{actions}");
    assert_eq!(actions[1]["edit"]["changes"][&stream][0]["newText"], STREAMING, "{actions}");
    // The window document beside it is checked against the text in the editor, not against a file.
    let window = editor.open(&place, "w.dtc.yaml", WINDOW);
    assert_eq!(editor.codes(&window), Vec::<String>::new());
    let renamed = STREAMING.replace("Name: plays", "Name: games");
    let change = json!({ "textDocument": { "uri": stream, "version": 2 }, "contentChanges": [{ "text": renamed }] });
    editor.tell("textDocument/didChange", change);
    assert!(editor.codes(&window).contains(&"DTC0302".to_owned()));
    editor.end();
}

#[test]
fn names_and_data_are_offered_and_told() {
    let place = Place::make();
    place.file(
        "data/events.jsonl",
        "{\"user\": \"ada\", \"at\": \"2025-03-03T10:00:00Z\", \"ünique\": 1, \"level\": 3}\n",
    );
    let mut editor = Editor::start(&place);
    let text = STREAMING.replace("user.games + 1", "user.games + source.le");
    let uri = editor.open(&place, "s.dtc.yaml", &text);
    let (line, column) = behind(&text, "source.le");
    let offered = editor.ask("textDocument/completion", at(&uri, line, column));
    let level = offered.as_array().unwrap().iter().find(|item| item["label"] == "level").expect("level");
    assert_eq!(level["textEdit"]["range"]["start"], json!({ "line": line, "character": column - 2 }));
    let (line, column) = behind(&text, "int(");
    let help = editor.ask("textDocument/signatureHelp", at(&uri, line, column));
    assert!(help["signatures"][0]["label"].as_str().unwrap().starts_with("int("), "{help}");
    let (line, column) = behind(&text, "user.gam");
    let told = editor.ask("textDocument/hover", at(&uri, line, column));
    assert!(told["contents"]["value"].as_str().unwrap().contains("integer"), "{told}");
    editor.end();
}

#[test]
fn names_lead_to_their_definitions_and_take_new_ones_everywhere() {
    let place = Place::make();
    place.file("w.dtc.yaml", WINDOW);
    place.file("functions/prices.rhai", "// Money.\nfn cents(amount) { amount * 100 }\n");
    let text = STREAMING
        .replace("Identity:", "Import:\n  - { Module: functions/prices, Identifiers: [cents] }\nIdentity:")
        .replace("1 / int(source.n)", "cents(1) / int(source.n)");
    let mut editor = Editor::start(&place);
    let stream = editor.open(&place, "s.dtc.yaml", &text);
    let window = stream.replace("s.dtc.yaml", "w.dtc.yaml");
    let (line, column) = behind(&text, "Value: session.ev");
    let found = editor.ask("textDocument/definition", at(&stream, line, column));
    assert_eq!(found["range"]["start"], json!({ "line": line - 2, "character": 14 }), "{found}");
    let script = editor.ask("textDocument/definition", at(&stream, behind(&text, "cents(").0, 17));
    assert!(script["uri"].as_str().unwrap().ends_with("functions/prices.rhai"), "{script}");
    let mut question = at(&stream, line, column);
    question["context"] = json!({ "includeDeclaration": false });
    // Its own expression, the anchor's and the window's, which is not open.
    let found = editor.ask("textDocument/references", question);
    assert_eq!(found.as_array().unwrap().len(), 3, "{found}");
    let mut question = at(&stream, line, column);
    question["newName"] = json!("plays_made");
    let edit = editor.ask("textDocument/rename", question.clone());
    assert_eq!(edit["changes"][&stream].as_array().unwrap().len(), 2, "{edit}");
    assert_eq!(edit["changes"][&window].as_array().unwrap().len(), 2, "{edit}");
    question["newName"] = json!("class");
    assert!(editor.refused("textDocument/rename", question).contains("cannot be a name"));
    let (line, column) = behind(&text, "source.us");
    let reason = editor.refused("textDocument/prepareRename", at(&stream, line, column));
    assert!(reason.contains("field of the data"), "{reason}");
    editor.end();
}

#[test]
fn a_document_has_an_outline_folds_and_a_layout() {
    let place = Place::make();
    let mut editor = Editor::start(&place);
    let ragged = STREAMING.replace("Name: plays", "Name:   plays");
    let uri = editor.open(&place, "s.dtc.yaml", &ragged);
    let document = json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 2, "insertSpaces": true } });
    let outline = editor.ask("textDocument/documentSymbol", document.clone());
    let names = |part: &Value| -> Vec<String> {
        let parts = part["children"].as_array().unwrap().iter();
        parts.map(|part| part["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&outline[0]), ["memory", "user", "session"]);
    assert_eq!(names(&outline[0]["children"][2]), ["id", "events"]);
    let folds = editor.ask("textDocument/foldingRange", document.clone());
    assert!(folds.as_array().unwrap().iter().any(|fold| fold["startLine"] == 5 && fold["endLine"] == 7), "{folds}");
    let edits = editor.ask("textDocument/formatting", document.clone());
    assert_eq!(edits[0]["newText"], STREAMING);
    let broken =
        json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": "Type: a\n\tb: c" }] });
    editor.tell("textDocument/didChange", broken);
    assert!(editor.refused("textDocument/formatting", document).contains("tab"));
    editor.end();
}
