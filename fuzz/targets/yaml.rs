//! Any bytes as a document: checking, curing, laying out and everything that an editor asks give an answer
//! whose places lie in the text.

use dtc_lang::assist::{hover, signature_help, suggestions};
use dtc_lang::navigate::{File, folds, outline, rename, uses_of};
use dtc_lang::{DataField, LineIndex, Project, Span, check, fix_all, format, modernize};

/// Longer texts say nothing new and cost many runs.
const LONGEST: usize = 16 * 1024;
const CURSORS: usize = 4;

pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]);
    let field = DataField { path: "user_id".into(), types: vec!["text".into()], share: 1.0, examples: Vec::new() };
    let mut project = Project { data: vec![field], ..Project::default() };
    let (_, diagnostics) = check(&text, &project);
    let index = LineIndex::new(&text);
    for diagnostic in &diagnostics {
        let edits = diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
        let others = diagnostic.others.iter().map(|label| label.span);
        for span in edits.chain(others).chain([diagnostic.primary.span]) {
            assert_fits(&text, span);
            index.utf16_position(&text, span.start);
        }
    }
    let fixed = fix_all(&text, &project);
    assert!(std::str::from_utf8(fixed.text.as_bytes()).is_ok());
    for offset in cursors(bytes, &text) {
        if let Some(hover) = hover(&text, offset, &project) {
            assert_fits(&text, hover.span);
        }
        if let Some(offered) = suggestions(&text, offset, &project) {
            assert_fits(&text, offered.replace);
        }
    }
    if let Ok(laid_out) = format(&text) {
        assert_eq!(format(&laid_out).as_ref(), Ok(&laid_out), "a laid out text is left as it is");
    }
    for (span, _) in modernize(&text) {
        assert_fits(&text, span);
    }
    let files = [File { name: "a.dtc.yaml", text: &text }];
    for offset in cursors(bytes, &text) {
        signature_help(&text, offset, &project);
        for place in uses_of(&files, 0, offset, &project) {
            assert_fits(&text, place.span);
        }
        if let Ok(places) = rename(&files, 0, offset, "another_name", &project) {
            assert!(!places.is_empty());
        }
    }
    if let Some(part) = outline(&text) {
        assert_fits(&text, part.span);
    }
    let lines = index.lines();
    assert!(folds(&text).iter().all(|(first, last)| first < last && *last <= lines));
    project.blurr = true;
    check(&text, &project);
}

fn assert_fits(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} does not fit");
}

/// Offsets that the bytes themselves choose; one may lie inside a character or past the end.
fn cursors(bytes: &[u8], text: &str) -> impl Iterator<Item = u32> {
    let seed = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let length = text.len() as u64 + 2;
    (0..CURSORS as u64).map(move |place| (seed.rotate_left(16 * place as u32) % length) as u32)
}
