//! Reads what stands in round brackets: groups, looks, conditions, flags, comments.

use super::flag;
use super::parse::{Parser, Result, fault};
use super::tree::Tree;

/// Flags that a letter sets; `a`, `u` and `L` exclude each other.
fn flag_of(letter: char) -> Option<u32> {
    Some(match letter {
        'i' => flag::IGNORE_CASE,
        'L' => flag::LOCALE,
        'm' => flag::MULTI_LINE,
        's' => flag::DOT_ALL,
        'x' => flag::VERBOSE,
        'a' => flag::ASCII,
        'u' => flag::UNICODE,
        _ => return None,
    })
}

const TYPES: u32 = flag::ASCII | flag::UNICODE | flag::LOCALE;

pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().is_some_and(|first| first == '_' || first.is_alphabetic());
    first && characters.all(|character| character == '_' || character.is_alphanumeric())
}

impl Parser {
    /// After a `(`; nothing for comments and for flags of the whole pattern.
    pub(super) fn group(&mut self, first: bool) -> Result<Option<Tree>> {
        if !self.take('?') {
            return self.captured(None).map(Some);
        }
        let Some(letter) = self.next() else { return fault("unexpected end of pattern") };
        match letter {
            'P' => self.named().map(Some),
            ':' => {
                let inside = self.until_closed()?;
                Ok(Some(Tree::Plain(Box::new(inside))))
            }
            '>' => {
                let inside = self.until_closed()?;
                // In brackets of its own: `(?>a*)*` is no repeat of a repeat.
                Ok(Some(Tree::Plain(Box::new(Tree::Atomic(Box::new(inside))))))
            }
            '#' => {
                while let Some(character) = self.next() {
                    if character == ')' {
                        return Ok(None);
                    }
                }
                fault("missing ), unterminated comment")
            }
            '=' | '!' => {
                let inside = Box::new(self.until_closed()?);
                Ok(Some(Tree::Look { back: None, negate: letter == '!', inside }))
            }
            '<' => self.look_behind().map(Some),
            '(' => self.choice().map(Some),
            letter if letter == '-' || flag_of(letter).is_some() => self.flagged(letter, first),
            other => fault(format!("unknown extension ?{other}")),
        }
    }

    fn closed(&mut self) -> Result<()> {
        if self.take(')') { Ok(()) } else { fault("missing ), unterminated subpattern") }
    }

    fn until_closed(&mut self) -> Result<Tree> {
        let inside = self.alternatives(false)?;
        self.closed()?;
        Ok(inside)
    }

    fn captured(&mut self, name: Option<String>) -> Result<Tree> {
        let group = self.groups.len();
        self.groups.push(None);
        if let Some(name) = name {
            if let Some((_, known)) = self.names.iter().find(|(known, _)| *known == name) {
                return fault(format!("redefinition of group name '{name}' as group {group}; was group {known}"));
            }
            self.names.push((name, group));
        }
        let inside = self.until_closed()?;
        self.groups[group] = Some(inside.width(&self.groups));
        Ok(Tree::Group(group, Box::new(inside)))
    }

    /// The text up to a closing mark, which is passed too.
    fn name(&mut self, end: char) -> Result<String> {
        let mut name = String::new();
        loop {
            match self.next() {
                Some(character) if character == end && name.is_empty() => return fault("missing group name"),
                Some(character) if character == end => return Ok(name),
                Some(character) => name.push(character),
                None if name.is_empty() => return fault("missing group name"),
                None => return fault(format!("missing {end}, unterminated name")),
            }
        }
    }

    fn named(&mut self) -> Result<Tree> {
        let Some(letter) = self.next() else { return fault("unexpected end of pattern") };
        match letter {
            '<' => {
                let name = self.name('>')?;
                checked(&name)?;
                self.captured(Some(name))
            }
            '=' => {
                let name = self.name(')')?;
                checked(&name)?;
                let group = self.named_group(&name)?;
                self.backreference(group)
            }
            other => fault(format!("unknown extension ?P{other}")),
        }
    }

    fn named_group(&self, name: &str) -> Result<usize> {
        let known = self.names.iter().find(|(known, _)| known == name);
        known.map_or_else(|| fault(format!("unknown group name '{name}'")), |(_, group)| Ok(*group))
    }

    fn look_behind(&mut self) -> Result<Tree> {
        let negate = match self.next() {
            Some('=') => false,
            Some('!') => true,
            Some(other) => return fault(format!("unknown extension ?<{other}")),
            None => return fault("unexpected end of pattern"),
        };
        let outside = self.behind;
        self.behind = outside.or(Some(self.groups.len()));
        let inside = self.alternatives(false)?;
        self.behind = outside;
        self.closed()?;
        let (least, most) = inside.width(&self.groups);
        if least != most {
            return fault("look-behind requires fixed-width pattern");
        }
        Ok(Tree::Look { back: usize::try_from(least).ok(), negate, inside: Box::new(inside) })
    }

    /// `(?(group)yes|no)`
    fn choice(&mut self) -> Result<Tree> {
        let name = self.name(')')?;
        let group = if is_name(&name) {
            self.named_group(&name)?
        } else {
            let Ok(group) = name.trim().parse::<usize>() else {
                return fault(format!("bad character in group name '{name}'"));
            };
            if group == 0 {
                return fault("bad group number");
            }
            self.asked.push(group);
            group
        };
        self.outside_look_behind(group)?;
        let yes = self.sequence(false)?;
        let no = if self.take('|') { self.sequence(false)? } else { Tree::Sequence(Vec::new()) };
        if self.peek() == Some('|') {
            return fault("conditional backref with more than two branches");
        }
        self.closed()?;
        Ok(Tree::Choice(group, Box::new(yes), Box::new(no)))
    }

    /// `(?i)` for the whole pattern, `(?i-s:…)` for what is inside.
    fn flagged(&mut self, letter: char, first: bool) -> Result<Option<Tree>> {
        let (mut add, mut remove, mut letter) = (0, 0, letter);
        if letter != '-' {
            (add, letter) = self.flag_letters(letter, "missing -, : or )", ")-:")?;
            if letter == ')' {
                return self.whole_flags(add, first);
            }
        }
        if letter == '-' {
            let Some(start) = self.next() else { return fault("missing flag") };
            if flag_of(start).is_none() {
                return fault(if start.is_alphabetic() { "unknown flag" } else { "missing flag" });
            }
            (remove, _) = self.flag_letters(start, "missing :", ":")?;
            if remove & TYPES != 0 {
                return fault("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
            }
        }
        if add & remove != 0 {
            return fault("bad inline flags: flag turned on and off");
        }
        let outside = self.flags;
        let kept = if add & TYPES == 0 { outside } else { outside & !TYPES };
        self.flags = (kept | add) & !remove;
        let inside = self.alternatives(false)?;
        self.flags = outside;
        self.closed()?;
        Ok(Some(Tree::Plain(Box::new(inside))))
    }

    fn whole_flags(&mut self, add: u32, first: bool) -> Result<Option<Tree>> {
        if !first {
            return fault("global flags not at the start of the expression");
        }
        self.global |= add;
        self.flags |= add;
        Ok(None)
    }

    /// The flags from a letter on, and the mark that ends them.
    fn flag_letters(&mut self, start: char, missing: &str, ends: &str) -> Result<(u32, char)> {
        let (mut flags, mut letter) = (0, start);
        loop {
            let Some(flag) = flag_of(letter) else {
                return fault(if letter.is_alphabetic() { "unknown flag" } else { missing });
            };
            if flag == flag::LOCALE {
                return fault("bad inline flags: cannot use 'L' flag with a str pattern");
            }
            flags |= flag;
            if flag & TYPES != 0 && flags & TYPES != flag {
                return fault("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
            }
            letter = match self.next() {
                None => return fault(missing),
                Some(letter) if ends.contains(letter) => return Ok((flags, letter)),
                Some(letter) => letter,
            };
        }
    }
}

fn checked(name: &str) -> Result<()> {
    if is_name(name) { Ok(()) } else { fault(format!("bad character in group name '{name}'")) }
}
