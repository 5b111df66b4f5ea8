//! What the reader did for the user, counted, and told in sentences at the end.

use super::parse::Liberties;

#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) python: u64,
    pub(super) missing_commas: u64,
    pub(super) trailing_commas: u64,
    pub(super) half_surrogates: u64,
    pub(super) pairs: u64,
    pub(super) missing_between: u64,
    pub(super) extra_between: u64,
    pub(super) fences: u64,
    pub(super) open_array: bool,
    pub(super) empty: bool,
    /// The file is not one record a line, and was read so all the same.
    pub(super) not_lines: bool,
}

/// What was done with the objects of an IPFIX collector.
pub(super) fn of_flows(detected: bool, without_mac: u64) -> Vec<String> {
    let mut list = Vec::new();
    if detected {
        list.push("the objects are those of an IPFIX collector; each flow record in `DataSets` is an event".to_owned());
    }
    match without_mac {
        0 => {}
        1 => list.push("1 flow record has no source_mac (element 56); it was left out".to_owned()),
        count => list.push(format!("{count} flow records have no source_mac (element 56); they were left out")),
    }
    list
}

impl Tally {
    pub(super) fn add(&mut self, liberties: Liberties) {
        self.python += u64::from(liberties.python);
        self.missing_commas += u64::from(liberties.missing_comma);
        self.trailing_commas += u64::from(liberties.trailing_comma);
        self.half_surrogates += u64::from(liberties.half_surrogate);
    }

    /// Adds what was done in another part of the same file.
    pub(super) fn merge(&mut self, other: &Tally) {
        self.python += other.python;
        self.missing_commas += other.missing_commas;
        self.trailing_commas += other.trailing_commas;
        self.half_surrogates += other.half_surrogates;
        self.pairs += other.pairs;
        self.missing_between += other.missing_between;
        self.extra_between += other.extra_between;
        self.fences += other.fences;
        self.open_array |= other.open_array;
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let mut list = Vec::new();
        let mut say = |count: u64, one: &str, many: &str| match count {
            0 => {}
            1 => list.push(format!("1 {one}")),
            count => list.push(format!("{count} {many}")),
        };
        say(
            self.python,
            "record uses Python's notation (single quotes, True, None); read as JSON text",
            "records use Python's notation (single quotes, True, None); read as JSON text",
        );
        say(
            self.missing_commas,
            "record lacks commas between its fields; they were added",
            "records lack commas between their fields; they were added",
        );
        say(
            self.missing_between,
            "comma between records is missing; it was added",
            "commas between records are missing; they were added",
        );
        say(self.extra_between, "comma between records was ignored", "commas between records were ignored");
        say(
            self.trailing_commas,
            "record has a comma before a closing bracket; it was ignored",
            "records have a comma before a closing bracket; it was ignored",
        );
        say(
            self.half_surrogates,
            "record holds half of a surrogate pair; it was replaced by U+FFFD",
            "records hold half of a surrogate pair; it was replaced by U+FFFD",
        );
        say(self.pairs, "record is a list of pairs; read as an object", "records are lists of pairs; read as objects");
        say(self.fences, "Markdown fence line was skipped", "Markdown fence lines were skipped");
        if self.open_array {
            list.push("the array is not closed with `]`; the file may be cut short".to_owned());
        }
        if self.not_lines {
            list.push("the file is not one object a line, and Blurr reads it line by line; without Blurr's rules it reads whole".to_owned());
        }
        if self.empty {
            list.push("the file is empty".to_owned());
        }
        list
    }
}
