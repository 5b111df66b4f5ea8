//! Characters: what is a digit, space or letter to Python, sets of them, and equality but for case.

use super::tree::Fold;
use crate::builtins::numbers::digit_value;

/// `[…]`, or a shorthand such as `\d`.
#[derive(Debug, Clone, Default)]
pub(super) struct Class {
    pub negated: bool,
    pub items: Vec<Item>,
    pub fold: Option<Fold>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    One(char),
    Range(char, char),
    Kind { kind: CharacterKind, ascii: bool, negated: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharacterKind {
    Digit,
    Space,
    Word,
}

impl Class {
    pub(super) fn contains(&self, character: char) -> bool {
        let found = match self.fold {
            None | Some(Fold::Not) => self.items.iter().any(|item| item.contains(character)),
            Some(fold) => {
                let small = lower(character, fold);
                let same = same_letters(small, fold);
                self.items.iter().any(|item| match item {
                    Item::Kind { .. } => item.contains(small),
                    _ => {
                        item.contains(character)
                            || same.iter().any(|letter| {
                                item.contains(*letter) || upper(*letter, fold).is_some_and(|large| item.contains(large))
                            })
                    }
                })
            }
        };
        found != self.negated
    }
}

impl Item {
    fn contains(self, character: char) -> bool {
        match self {
            Item::One(one) => one == character,
            Item::Range(first, last) => (first..=last).contains(&character),
            Item::Kind { kind, ascii, negated } => kind.holds(character, ascii) != negated,
        }
    }
}

impl CharacterKind {
    fn holds(self, character: char, ascii: bool) -> bool {
        match self {
            CharacterKind::Digit if ascii => character.is_ascii_digit(),
            CharacterKind::Digit => digit_value(character).is_some(),
            CharacterKind::Space if ascii => matches!(character, ' ' | '\t'..='\r'),
            CharacterKind::Space => character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character),
            CharacterKind::Word => is_word(character, ascii),
        }
    }
}

/// `\w`: letters, digits and `_`. Python does not count marks, such as vowel signs, as letters.
pub(crate) fn is_word(character: char, ascii: bool) -> bool {
    if character.is_ascii() {
        return character == '_' || character.is_ascii_alphanumeric();
    }
    !ascii && character.is_alphanumeric() && !is_mark(character)
}

/// Alphabetic to Unicode, yet neither letter nor number.
fn is_mark(character: char) -> bool {
    let code = u32::from(character);
    let after = MARKS.partition_point(|(first, _)| *first <= code);
    after > 0 && code <= MARKS[after - 1].1
}

const MARKS: &[(u32, u32)] = &include!("marks.in");

/// The simple lower case, always one character.
pub(super) fn lower(character: char, fold: Fold) -> char {
    match fold {
        Fold::Not => character,
        Fold::Ascii => character.to_ascii_lowercase(),
        Fold::Unicode if character == 'İ' => 'i',
        Fold::Unicode => character.to_lowercase().next().unwrap_or(character),
    }
}

fn upper(character: char, fold: Fold) -> Option<char> {
    if fold == Fold::Ascii {
        return Some(character.to_ascii_uppercase());
    }
    let mut large = character.to_uppercase();
    large.next().filter(|_| large.next().is_none())
}

/// Small letters that are one letter written in several ways.
const SAME: &[&[char]] = &[
    &['i', 'ı'],
    &['s', 'ſ'],
    &['µ', 'μ'],
    &['\u{345}', 'ι', '\u{1fbe}'],
    &['ΐ', '\u{1fd3}'],
    &['ΰ', '\u{1fe3}'],
    &['β', 'ϐ'],
    &['ε', 'ϵ'],
    &['θ', 'ϑ'],
    &['κ', 'ϰ'],
    &['π', 'ϖ'],
    &['ρ', 'ϱ'],
    &['ς', 'σ'],
    &['φ', 'ϕ'],
    &['ṡ', 'ẛ'],
    &['ﬅ', 'ﬆ'],
];

/// The small letter with those that are the same letter.
fn same_letters(small: char, fold: Fold) -> Vec<char> {
    let others = SAME.iter().find(|letters| fold == Fold::Unicode && letters.contains(&small));
    others.map_or_else(|| vec![small], |letters| letters.to_vec())
}

/// Is it the small letter, or one that is the same letter?
pub(super) fn is_letter(character: char, small: char, fold: Fold) -> bool {
    let found = lower(character, fold);
    let same = |letters: &&[char]| letters.contains(&found) && letters.contains(&small);
    found == small || (fold == Fold::Unicode && SAME.iter().any(same))
}
