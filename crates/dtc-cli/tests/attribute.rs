//! `dtc attribute` against exact values of every model: `attribution/` here, and where it is there all of
//! `../shared/data/attribution`. Which keys are compared: every one, but for checks of the reference itself.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Place;

const PATHS: &str = "path;total_conversions;total_conversion_value;total_null\n";
const TOLERANCE: f64 = 1e-9;

fn sets(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut sets: Vec<PathBuf> = entries.filter(|path| path.join("paths.csv").exists()).collect();
    sets.sort();
    sets
}

/// Checks of the reference itself, and what is not a result.
fn is_compared(key: &str, timed: bool) -> bool {
    let of_reference = ["bruteforce", "truncated", "floor", "size4", "dataset"].iter().any(|part| key.contains(part));
    !of_reference && (timed || !key.starts_with("halflife"))
}

/// Every number of `wanted` must be in `found`; a place or channel that is missing there counts as 0.
fn compare(place: &str, wanted: &Value, found: &Value, faults: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (key, wanted) in wanted.iter().filter(|(key, _)| *key != "max_steps") {
                compare(&format!("{place} {key}"), wanted, found.get(key).unwrap_or(&Value::Null), faults);
            }
            let more = found.keys().filter(|key| !wanted.contains_key(*key) && *key != "transition");
            faults.extend(more.map(|key| format!("{place} {key}: not in the reference")));
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                compare(&format!("{place}[{index}]"), wanted, found, faults);
            }
        }
        (Value::Number(wanted), Value::Number(found)) => {
            let (wanted, found) = (wanted.as_f64().unwrap(), found.as_f64().unwrap());
            if (wanted - found).abs() > TOLERANCE * wanted.abs().max(1e-3) {
                faults.push(format!("{place}: {wanted} wanted, {found} found"));
            }
        }
        (wanted, found) if wanted == found => {}
        (wanted, found) => faults.push(format!("{place}: {wanted} wanted, {found} found")),
    }
}

fn check(set: &Path, flag: &str, file: &str) {
    let input = set.join(file);
    let reference = [set.join("reference_exact.json"), set.join("outputs/reference_exact.json")];
    let reference = reference.iter().find(|path| path.exists()).unwrap();
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(reference).unwrap()).unwrap();
    let said = Place::make().dtc(&["attribute", flag, input.to_str().unwrap(), "--models", "all", "--format", "json"]);
    let found: Value = serde_json::from_str(&said.succeeds().out).unwrap();
    let (mut faults, mut compared) = (Vec::new(), 0);
    for (key, wanted) in reference.as_object().unwrap().iter().filter(|(key, _)| is_compared(key, flag == "--journeys"))
    {
        compared += 1;
        compare(key, wanted, found.get(key).unwrap_or(&Value::Null), &mut faults);
    }
    assert!(
        faults.is_empty(),
        "{}: {} faults:\n{}",
        input.display(),
        faults.len(),
        faults[..faults.len().min(40)].join("\n")
    );
    assert!(compared > 30, "only {compared} results compared");
    let sums = found["reconciliation"].as_object().unwrap();
    assert!(sums.len() > 15 && sums.values().all(|sum| sum["holds"] == true), "{sums:?}");
}

fn check_all(folder: &Path) -> usize {
    let sets = sets(folder);
    for set in &sets {
        check(set, "--paths", "paths.csv");
        if set.join("journeys.csv").exists() {
            check(set, "--journeys", "journeys.csv");
        }
    }
    sets.len()
}

#[test]
fn exact_values_of_every_model() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attribution");
    assert_eq!(check_all(&own), 2);
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/attribution");
    if check_all(&shared) == 0 {
        println!("attribution: the large reference sets are skipped, {} is not there", shared.display());
    }
}

#[test]
fn bad_lines_and_names_say_where_and_what_to_do() {
    let place = Place::make();
    for (content, says) in [
        (format!("{PATHS}a > b;1;2\n"), ":2: 3 cells, and the header has 4"),
        (format!("{PATHS}\na > > b;1;2;0\n"), ":3: touch 2 of the path has no name"),
        (format!("{PATHS}a;x;2;0\n"), ":2: `total_conversions` is `x`, which is no number"),
        ("a;b\n".to_owned(), ":1: there is no column `path`"),
        (String::new(), ":1: the file is empty"),
    ] {
        let file = place.file("paths.csv", &content);
        place.dtc(&["attribute", "--paths", file.to_str().unwrap()]).fails(1, says);
    }
    let file = place.file("paths.csv", format!("{PATHS}a > b;1;2;0\n"));
    for (models, says) in
        [("frist", "`frist` is not a model"), ("markov:0", "the order of a chain must be"), (",", "names no model")]
    {
        place.dtc(&["attribute", "--paths", file.to_str().unwrap(), "--models", models]).fails(2, says);
    }
    let said = place.dtc(&["attribute", "--paths", file.to_str().unwrap(), "--models", "half_life"]);
    said.fails(1, "it needs the time of each touch");
    place.dtc(&["attribute"]).fails(2, "--paths");
}

/// `attribution-tables/NAME.SHAPE.csv` is a table as somebody may have it; `NAME.txt` what four models make of it, or why
/// it cannot be used. In any number of threads.
#[test]
fn tables_of_every_kind() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attribution-tables");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut tables: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "csv")).collect();
    tables.sort();
    let (place, mut faults) = (Place::make(), Vec::new());
    for table in &tables {
        let file = table.file_name().unwrap().to_str().unwrap();
        let (name, shape) = file.trim_end_matches(".csv").split_once('.').unwrap();
        let wanted = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap_or_default();
        place.file(file, std::fs::read(table).unwrap());
        for threads in ["1", "2"] {
            let models = "first,linear,half_life,markov";
            let flag = format!("--{shape}");
            let arguments = ["attribute", &flag, file, "--models", models, "--format", "csv", "--threads", threads];
            let said = place.dtc(&arguments);
            let found = format!("{}{}", said.out, said.err);
            if found != wanted {
                faults.push(format!("{name}, {threads} threads: wanted\n{wanted}found\n{found}"));
            }
            assert_eq!(said.code == 1, said.err.contains("error: "), "{name}: {}", said.err);
        }
    }
    assert!(tables.len() > 40, "only {} tables", tables.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn tables_for_people_and_for_sheets() {
    let place = Place::make();
    let file = place.file("paths.csv", format!("{PATHS}\"a, b\" > c;3;7.5;1\n;2;0;0\n"));
    let run = |format: &str| {
        let arguments =
            ["attribute", "--paths", file.to_str().unwrap(), "--models", "first,linear", "--format", format];
        place.dtc(&arguments).succeeds().out.clone()
    };
    let csv =
        "channel,first/conv,first/value,linear/conv,linear/value\n\"\"\"a, b\"\"\",3,7.5,1.5,3.75\nc,0,0,1.5,3.75\n";
    let quoted = csv.replace("\"\"\"a, b\"\"\"", "\"a, b\"");
    assert_eq!(run("csv"), quoted);
    let human = run("human");
    assert!(human.contains("6 journeys, 2 touches of 2 touch points, 5 conversions worth 7.50"), "{human}");
    assert!(human.contains("2 conversions came without a touch"), "{human}");
}

const DOCUMENT: &str = "Type: ProductML:DTC:Attribution
Version: '2018-03-01'
Name: credit
Identity: source.entity
Time: parse_time(source.at)
Touch:
  When: source.event != 'buy'
  Value: source.event
  Cost: source.cost
Conversion:
  When: source.event == 'buy'
  Value: source.amount
Journeys:
  Cycles: repeat
  RepeatWithinSeconds: 60
  Groups: {bot: null, google: paid, bing: paid}
Models: [last, linear, half_life, 'markov:2', 'last_non:paid']
Doubt:
  Replicates: 20
  Splits: 2
";

const EVENTS: &str = "entity,at,event,amount,cost
u,2024-01-01T00:00:00Z,google,,2
u,2024-01-01T00:00:30Z,bing,,4
u,2024-01-02T00:00:00Z,mail,,
u,2024-01-03T00:00:00Z,buy,10,
u,2024-01-04T00:00:00Z,mail,,1
u,2024-01-05T00:00:00Z,buy,6,
v,2024-01-01T00:00:00Z,bot,,
v,2024-01-01T00:01:00Z,google,,3
w,2024-01-01T00:00:00Z,buy,5,
,2024-01-01T00:00:00Z,google,,
";

#[test]
fn a_project_from_events_to_credit() {
    let place = Place::make();
    place.file("credit.dtc.yaml", DOCUMENT);
    std::fs::create_dir(place.path().join("data")).unwrap();
    place.file("data/events.csv", EVENTS);
    let said = place.dtc(&["attribute", ".", "--format", "json"]);
    assert!(said.err.contains("events.csv:11: no identity, time or touch point"), "{}", said.err);
    let found: Value = serde_json::from_str(&said.succeeds().out).unwrap();
    let number =
        |path: &str| found.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path}: {found:#}"));
    assert_eq!((number("/journeys"), number("/conversions"), number("/value")), (4.0, 3.0, 21.0));
    assert_eq!((number("/unattributed/conversions"), number("/unattributed/value")), (1.0, 5.0));
    // The first journey is paid > mail: the second paid touch is a repeat.
    assert_eq!((number("/linear~1conv/paid"), number("/linear~1conv/mail")), (0.5, 1.5));
    assert_eq!((number("/linear~1value/paid"), number("/last~1value/mail")), (5.0, 16.0));
    assert_eq!((number("/spend/cost/paid"), number("/spend/cost/mail")), (9.0, 1.0));
    assert_eq!(number("/spend/cost_per_conversion/linear/paid"), 18.0);
    assert_eq!(number("/spend/return_on_spend/last/mail"), 16.0);
    assert!(found["halflife168h/conv"]["paid"].as_f64().unwrap() < 0.5, "half a week earlier");
    assert!(found["markov_order2_loopsTrue"]["p_conv"].as_f64().unwrap() > 0.66);
    let doubt = &found["doubt"]["models"]["linear"];
    assert_eq!((doubt["channels"]["mail"]["rank"].as_u64(), doubt["replicates"].as_u64()), (Some(1), Some(20)));
    assert!(found["doubt"]["pearson"]["linear"]["last"].is_number(), "{found:#}");
    // The same again, beside a run over one journey more.
    let before = said.out.replace("\"journeys\": 4", "\"journeys\": 5");
    place.file("before.json", before);
    let said = place.dtc(&["attribute", ".", "--format", "json", "--compare", "before.json", "--choose-order", "2"]);
    let found: Value = serde_json::from_str(&said.succeeds().out).unwrap();
    let compared = found["compared"].as_array().unwrap();
    assert!(compared.len() == 10 && compared.iter().all(|line| line["clear"] == false), "{compared:#?}");
    assert!(compared.iter().all(|line| line["before"] == line["after"]), "{compared:#?}");
    assert!(compared.iter().any(|line| line["model"] == "markov_order2_loopsTrue"), "{compared:#?}");
    assert_eq!(found["markov_order"]["held_out"].as_array().unwrap().len(), 3);
    // Beside itself nothing is chance.
    place.file("before.json", place.dtc(&["attribute", ".", "--format", "json"]).out);
    let said = place.dtc(&["attribute", ".", "--compare", "before.json", "--report", "beside.html"]);
    assert!(said.succeeds().out.contains("Shares in before and now\n"), "{}", said.out);
    assert!(!said.out.contains("chance"), "{}", said.out);
    assert!(std::fs::read_to_string(place.path().join("beside.html")).unwrap().contains("<section id=\"changes\">"));
    place.dtc(&["attribute", ".", "--compare", "data/events.csv"]).fails(1, "dtc attribute --format json");
}

#[test]
fn the_report_and_its_parts_are_files() {
    let place = Place::make();
    place.file("credit.dtc.yaml", DOCUMENT);
    std::fs::create_dir(place.path().join("data")).unwrap();
    place.file("data/events.csv", EVENTS);
    place.dtc(&["attribute", ".", "--format", "csv", "--report", "out.html", "--charts", "parts/all"]).succeeds();
    let page = std::fs::read_to_string(place.path().join("out.html")).unwrap();
    for part in ["credit", "spend", "paths", "touches", "days", "drop-off", "stability", "ranks", "agreement", "checks"]
    {
        assert!(page.contains(&format!("<section id=\"{part}\">")), "{part}");
        let file = |end: &str| std::fs::read(place.path().join(format!("parts/all/{part}.{end}")));
        assert!(!file("csv").unwrap().is_empty());
        assert_eq!(file("svg").is_ok(), part != "checks");
        assert!(part == "checks" || file("png").unwrap().starts_with(b"\x89PNG"));
    }
    let credit = std::fs::read_to_string(place.path().join("parts/all/credit.csv")).unwrap();
    assert!(credit.starts_with("Touch point,Journeys,last,low,high,linear,low,high,"), "{credit}");
    // The same journeys give the same page.
    place.dtc(&["attribute", ".", "--report", "again.html"]).succeeds();
    assert_eq!(page, std::fs::read_to_string(place.path().join("again.html")).unwrap());
    place.dtc(&["attribute", ".", "--report", "no/such/folder.html"]).fails(1, "no such file or folder");
}

#[test]
fn a_project_without_document_or_data_says_what_to_add() {
    let place = Place::make();
    place.dtc(&["attribute", "."]).fails(1, "holds no attribution document");
    place.file("credit.dtc.yaml", DOCUMENT);
    place.dtc(&["attribute", "."]).fails(2, "has no folder data");
    place.file("wrong.dtc.yaml", DOCUMENT.replace("'markov:2'", "'markov:9'"));
    place.dtc(&["attribute", "--document", "wrong.dtc.yaml"]).fails(1, "markov:9");
}

const SESSIONS: &str = "Type: ProductML:DTC:Streaming
Version: '2018-03-01'
Name: shop
Identity: source.entity
Time: parse_time(source.at)
Stores:
  - { Type: ProductML:DTC:Store:Memory, Name: memory }
Aggregates:
  - Type: ProductML:DTC:Aggregate:Activity
    Name: session
    Store: memory
    SeparateByInactiveSeconds: 3600
    Fields:
      - { Name: channel, Value: source.event, When: source.event != 'buy' and session.channel == '' }
      - { Name: orders, Type: integer, Value: session.orders + 1, When: source.event == 'buy' }
      - { Name: amount, Type: float, Value: session.amount + float(source.amount), When: source.event == 'buy' }
";

const OVER_SESSIONS: &str = "Type: ProductML:DTC:Attribution
Version: '2018-03-01'
Name: credit
Source: shop.session
Touch: { When: source.channel != '', Value: source.channel }
Conversion: { When: source.orders > 0, Value: source.amount }
Milestone: { When: source.channel == 'mail' }
Journeys: { Cycles: repeat }
Models: [linear, w]
Doubt: { Replicates: 0, Splits: 0 }
";

#[test]
fn sessions_of_a_streaming_document_are_records() {
    let place = Place::make();
    place.file("credit.dtc.yaml", OVER_SESSIONS);
    place.file("sessions.dtc.yaml", SESSIONS);
    place.file("data/events.csv", EVENTS);
    let said = place.dtc(&["attribute", ".", "--format", "json"]);
    let found: Value = serde_json::from_str(&said.succeeds().out).unwrap();
    // Google and bing are one session; that of the bot is v's only one, and google's is in it.
    assert_eq!(found["linear/conv"], serde_json::json!({"bot": 0.0, "google": 0.5, "mail": 1.5}), "{found:#}");
    assert_eq!(found["linear/value"]["mail"], 11.0);
    assert_eq!(found["unattributed"], serde_json::json!({"conversions": 1, "value": 5}));
    // `w`: of google > mail the second touch led to the milestone and is the last one.
    assert!((found["w/conv"]["mail"].as_f64().unwrap() - (1.0 + 2.0 / 3.0)).abs() < 1e-12, "{found:#}");
    // Faults of the streaming document are told.
    place.file("data/events.csv", EVENTS.replace("buy,5,", "buy,much,"));
    assert!(place.dtc(&["attribute", "."]).succeeds().err.contains("sessions.dtc.yaml:16:"), "no fault is told");
    place.file("sessions.dtc.yaml", SESSIONS.replace("Name: session\n", "Name: visit\n"));
    place.dtc(&["attribute", "."]).fails(1, "The source `shop.session` is not found");
}
