//! `dtc lsp` in Neovim, whose language client is nobody's of ours.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Place, STREAMING};

const SESSION: &str = include_str!("neovim/session.lua");

#[test]
fn neovim_shows_problems_cures_them_and_finds_its_way() {
    let place = Place::make();
    let script = place.file("session.lua", SESSION);
    let ragged = STREAMING.replace("Name: plays", "Name:   plays");
    place.file("s.dtc.yaml", ragged.replace("Type: ProductML:DTC:Streaming", "Tyoe: ProductML:DTC:Streaming"));
    let answers = place.path().join("answers.json");
    let mut neovim = Command::new("nvim");
    neovim.args(["--headless", "--clean", "-n", "-c"]).arg(format!("luafile {}", script.display()));
    neovim.current_dir(place.path()).env("DTC", env!("CARGO_BIN_EXE_dtc")).env("ANSWERS", &answers);
    neovim.env("XDG_STATE_HOME", place.path()).env("XDG_DATA_HOME", place.path()).env("HOME", place.path());
    let ran = neovim.stdin(Stdio::null()).output().expect("`cargo xtask setup` installs neovim");
    let told = std::fs::read_to_string(&answers)
        .unwrap_or_else(|_| panic!("no answers; it said {}", String::from_utf8_lossy(&ran.stderr)));
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["problem"], Value::Null, "{told:#}");
    assert_eq!(told["diagnostic"]["code"], "DTC0201", "{told:#}");
    assert_eq!(told["left"], 0);
    assert!(told["hover"].as_str().unwrap().contains("integer"), "{told:#}");
    let line = STREAMING.lines().position(|line| line.contains("Name: games")).unwrap();
    assert_eq!(told["definition"], line);
    assert!(told["signature"].as_str().unwrap().starts_with("int("), "{told:#}");
    assert!(told["offered"].as_array().unwrap().contains(&Value::from("rounds")), "{told:#}");
    let renamed = STREAMING.replace("Name: games", "Name: rounds").replace("user.games", "user.rounds");
    assert_eq!(told["text"], renamed);
}
