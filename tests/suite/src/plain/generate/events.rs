//! Random events: few identities, times out of order and equal, members missing, null, or of odd types.

use super::{Choices, Genes, Times, quoted};

/// One line of a file.
pub fn line(genes: &Genes, number: usize, times: Times) -> String {
    let mut choices = Choices::new(genes);
    let time = time(&mut choices, number, times);
    let who =
        choices.of(&[r#""ann""#, r#""bob""#, r#""c/d:%""#, r#""ann""#, "7", "null", r#"" ""#, "1.5", "true", "[]"]);
    let mut members = vec![format!(r#""who": {who}"#), format!(r#""at": {time}"#)];
    let id = choices.below(number + 4);
    let id = if times == Times::Distinct { number + 1 } else { id.min(number) };
    let id = if id == 0 { "null".to_owned() } else { quoted(&format!("e{id}")) };
    members.push(format!(r#""id": {id}"#));
    let mut member = |name: &str, usual: &[&str], odd: &[&str]| match choices.below(12) {
        0 => {}
        1 => members.push(format!(r#""{name}": {}"#, choices.of(odd))),
        _ => members.push(format!(r#""{name}": {}"#, choices.of(usual))),
    };
    let odd = ["null", r#""""#, "{}", "[]", "0", r#""x""#, "true", "-1.5", r#"{"k": 1}"#, "[[1], {\"q\": 2}]"];
    member("s", &[r#""a""#, r#""b""#, r#""é\n\"c""#, r#""""#, r#""2.5""#, r#""no""#], &odd);
    member("n", &["1", "2", "0", "-3", "9007199254740993", "123456789012345678901234567890"], &odd);
    member("b", &["true", "false", r#""yes""#, r#""false""#, "1"], &odd);
    member("x", &["0.5", "2.0", "1e3", "-0.0", "4", "1e22", "0.1", "100.25", r#""3.5""#], &odd);
    member("k", &[r#""a""#, r#""b""#, "1", "1.0", "true", "0", "false", r#""1""#, r#""é\n\"c""#], &odd);
    let objects = [r#"{"k": 1}"#, r#"{"k": "v", "deep": {"k": 2.5}}"#, r#"{"z": [1, {"k": null}]}"#, "{}"];
    member("o", &objects, &odd);
    member("l", &["[1, 2]", "[]", "[3]", r#"["a", null]"#, "[0, 0.5, true]"], &odd);
    member("t", &[r#"[{"q": 1}]"#, r#"[{"q": 2, "k": 1}, {"q": 1}]"#, "[]", r#"[{"k": 5}]"#], &odd);
    member("d", &[r#""2024-01-01T00:00:00Z""#, r#""2024-02-30""#, r#""2024-01-05""#, r#""soon""#], &odd);
    if choices.one_in(6) {
        members
            .push(choices.of(&[r#""nope": 3"#, r#""zz": {"a": [1, {"b": "\ud83d\ude00"}]}"#, r#""n": 5"#]).to_owned());
    }
    if choices.one_in(4) {
        members.reverse();
    }
    match choices.one_in(40) {
        true => choices.of(&["null", "[]", "", "{\"who\": ", "7"]).to_owned(),
        false => format!("{{{}}}", members.join(", ")),
    }
}

/// Clusters of equal and near times over some days, in several offsets.
fn time(choices: &mut Choices, number: usize, times: Times) -> String {
    let day = choices.of(&[1, 1, 2, 3, 8, 28]);
    let hour = choices.of(&[0, 0, 1, 10, 23]);
    let (minute, second) = (choices.of(&[0, 0, 1, 30, 59]), choices.of(&[0, 0, 1, 59]));
    let zone = choices.of(&["Z", "Z", "+00:00", "+02:00", "-05:30", "", ".000001Z", ".5+01:00"]);
    let zone = if times == Times::Distinct { format!(".{number:06}Z") } else { zone.to_owned() };
    match choices.one_in(30) {
        true if times == Times::Distinct => "null".to_owned(),
        true => choices.of(&["null", r#""soon""#, "5", r#""2024-01-02""#, r#""2024-13-01T00:00:00Z""#]).to_owned(),
        false => quoted(&format!("2024-01-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")),
    }
}
