//! `dtc transform --memory`: events that go to a temporary file give the same bytes.

use std::fs;

use crate::{Place, STREAMING, WINDOW};

/// Files of many users' events, about 1.2 MB, with unusable lines and failing expressions.
fn many() -> Place {
    let place = Place::make();
    place.file(
        "s.yaml",
        STREAMING.replace("Time: parse_time(source.at)", "Time: parse_time(source.at)\nEventId: source.id"),
    );
    place.file("w.yaml", WINDOW);
    for file in 0..3 {
        let line = |number: u64| {
            let spread = (number * 2_654_435_761) % 7_919;
            let (user, n, day, minute) = (spread % 701, spread % 5, 1 + spread % 27, number % 60);
            match number % 997 {
                0 => "not a record\n".to_owned(),
                1 => format!("{{\"at\": \"2020-01-01\", \"n\": {n}}}\n"),
                _ => format!(
                    "{{\"user\": \"u{user}\", \"at\": \"2020-01-{day:02}T10:{minute:02}:00\", \"event\": \"start\", \"n\": {n}, \
                     \"id\": \"{}\", \"session\": \"s{}\"}}\n",
                    number / 3 * 2,
                    spread % 3
                ),
            }
        };
        let lines: String = (file * 4_000..(file + 1) * 4_000).map(line).collect();
        place.file(&format!("data/{file}.jsonl"), lines);
    }
    place
}

/// What is printed on both ways out, with the output folder's name taken out.
fn run(place: &Place, more: &[&str]) -> (String, String) {
    let said = place.dtc(&[&["transform", "--streaming", "s.yaml", "--source", "data"], more].concat());
    (said.succeeds().out.clone(), said.err)
}

#[test]
fn printed_lines_and_what_is_told_are_the_same() {
    let place = many();
    fs::create_dir(place.path().join("tmp")).unwrap();
    for window in [&[][..], &["--window", "w.yaml"]] {
        let expected = run(&place, window);
        assert!(expected.0.lines().count() > 600, "{}", expected.0);
        assert!(expected.1.contains("events were left out; their ids came before"), "{}", expected.1);
        assert!(expected.1.contains("ZeroDivisionError"), "{}", expected.1);
        for threads in ["1", "2", "8"] {
            let aside = ["--memory", "64kB", "--scratch", "tmp", "--threads", threads];
            assert_eq!(run(&place, &[&aside, window].concat()), expected, "{threads} threads");
        }
    }
    assert_eq!(fs::read_dir(place.path().join("tmp")).unwrap().count(), 0);
}

#[test]
fn tables_are_the_same_in_every_format() {
    let place = many();
    for format in ["jsonl", "json", "csv", "parquet", "arrow"] {
        let tables = ["--window", "w.yaml", "--format", format, "--out"];
        run(&place, &[&tables[..], &["whole"]].concat());
        for threads in ["1", "2", "8"] {
            run(&place, &[&tables[..], &["aside", "--memory", "64kB", "--threads", threads]].concat());
            for table in ["user", "session", "features"] {
                let read = |folder: &str| fs::read(place.path().join(format!("{folder}/{table}.{format}"))).unwrap();
                assert!(read("whole") == read("aside"), "{table}.{format} with {threads} threads");
            }
            assert_eq!(fs::read_dir(place.path().join("aside")).unwrap().count(), 3, "nothing else stays");
            fs::remove_dir_all(place.path().join("aside")).unwrap();
        }
        fs::remove_dir_all(place.path().join("whole")).unwrap();
    }
}

#[test]
fn nothing_stays_after_an_error_and_the_error_is_the_same() {
    let place = many();
    place.file("data/4.csv.gz", b"\x1f\x8bnot gzip at all");
    let error = |more: &[&str]| {
        let said = place.dtc(&[&["transform", "--streaming", "s.yaml", "--source", "data"], more].concat());
        (said.code, said.out.clone(), said.err)
    };
    let aside = error(&["--memory", "64kB", "--out", "out"]);
    assert_eq!(error(&["--out", "other"]), aside);
    assert_ne!(aside.0, 0);
    let left = fs::read_dir(place.path().join("out")).map_or(0, |entries| entries.count());
    assert_eq!(left, 0);
}

#[test]
fn a_folder_that_cannot_be_used_is_told() {
    let place = many();
    let run = |memory: &str| {
        let named = ["transform", "--streaming", "s.yaml", "--source", "data", "--scratch", "s.yaml"];
        place.dtc(&[&named[..], &["--memory", memory]].concat())
    };
    run("64kB").fails(1, "s.yaml is a file; a folder is needed here");
    run("lots").fails(2, "write an amount of memory such as 512MB");
    run("1GB").succeeds();
}

/// A process that is killed leaves nothing either: the file has no name.
#[cfg(target_os = "linux")]
#[test]
fn nothing_stays_after_a_kill() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let place = many();
    fs::create_dir(place.path().join("tmp")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_dtc"))
        .args(["transform", "--streaming", "s.yaml", "--memory", "64kB", "--scratch", "tmp", "-"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // More than the reader looks at before it hands rows on, and then it waits for more.
    let mut input = child.stdin.take().unwrap();
    for _ in 0..8 {
        for file in 0..3 {
            input.write_all(place.read(&format!("data/{file}.jsonl")).as_bytes()).unwrap();
        }
    }
    let links = || {
        let opened = fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap();
        let targets = opened.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
        targets.filter(|target| target.starts_with(place.path().join("tmp"))).count()
    };
    while links() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(place.path().join("tmp")).unwrap().count(), 0);
}
