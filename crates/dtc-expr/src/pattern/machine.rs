//! Runs a program: backtracking over an explicit stack, every step counted.

use super::Exhausted;
use super::characters::{is_letter, is_word, lower};
use super::program::{Program, Step};
use super::tree::{Assertion, Fold, One, Times};

/// What counts as a match.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goal {
    /// Only at the start.
    pub anchored: bool,
    /// Up to the text's end.
    pub whole: bool,
    /// Not an empty match at the start: the match before was empty there.
    pub advance: bool,
}

/// Where the groups matched, in characters; 0 is the whole match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub groups: Vec<Option<(usize, usize)>>,
    /// The group that closed last.
    pub last: Option<usize>,
}

const NOWHERE: usize = usize::MAX;
/// Ways kept to try later; past it the pattern is refused as too costly.
const MAX_STACK: usize = 1 << 20;

type Result<T> = std::result::Result<T, Exhausted>;

/// What to do when the way taken fails: another way, or something to put back first.
enum Entry {
    Way {
        step: usize,
        place: usize,
    },
    /// A lazy loop may do another round.
    Round {
        step: usize,
        place: usize,
    },
    /// A run may have been shorter, down to `least`.
    Shorter {
        step: usize,
        least: usize,
        place: usize,
    },
    /// A lazy run may be longer by so many.
    Longer {
        step: usize,
        place: usize,
        more: u32,
    },
    Slot {
        number: usize,
        old: usize,
    },
    Count {
        number: usize,
        old: (u32, usize),
    },
}

struct Machine<'p> {
    program: &'p Program,
    text: &'p [char],
    /// Starts and ends of groups, then the group that closed last.
    slots: Vec<usize>,
    /// Rounds done, and where the last one began.
    counts: Vec<(u32, usize)>,
    stack: Vec<Entry>,
    start: usize,
    goal: Goal,
    budget: &'p mut u64,
}

pub(super) fn find(
    program: &Program,
    text: &[char],
    start: usize,
    goal: Goal,
    budget: &mut u64,
) -> Result<Option<Found>> {
    let slots = vec![NOWHERE; program.groups * 2 + 3];
    let counts = vec![(0, NOWHERE); program.loops];
    let mut machine = Machine { program, text, slots, counts, stack: Vec::new(), start, goal, budget };
    for start in start..=text.len() {
        if let Some(first) = program.first
            && text.get(start) != Some(&first)
        {
            machine.spend(1)?;
        } else {
            machine.start = start;
            if let Some(end) = machine.run(0, start)? {
                return Ok(Some(machine.found(end)));
            }
        }
        if goal.anchored {
            break;
        }
        machine.goal.advance = false;
    }
    Ok(None)
}

impl Machine<'_> {
    fn found(&self, end: usize) -> Found {
        let last = self.program.groups * 2 + 2;
        let mut groups = vec![Some((self.start, end))];
        groups.extend((1..=self.program.groups).map(|group| self.group(group)));
        Found { groups, last: Some(self.slots[last]).filter(|group| *group != NOWHERE) }
    }

    fn group(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.slots[group * 2], self.slots[group * 2 + 1]);
        (start != NOWHERE && end != NOWHERE).then_some((start, end))
    }

    fn spend(&mut self, steps: u64) -> Result<()> {
        *self.budget = self.budget.saturating_sub(steps);
        if *self.budget == 0 || self.stack.len() > MAX_STACK { Err(Exhausted) } else { Ok(()) }
    }

    fn set_slot(&mut self, number: usize, value: usize) {
        let old = std::mem::replace(&mut self.slots[number], value);
        self.stack.push(Entry::Slot { number, old });
    }

    fn set_count(&mut self, number: usize, value: (u32, usize)) {
        let old = std::mem::replace(&mut self.counts[number], value);
        self.stack.push(Entry::Count { number, old });
    }

    /// Where the steps from `step` on end, matching from `place`. On success the stack above its
    /// former height still holds what else could be tried; on failure it is as it was.
    fn run(&mut self, step: usize, place: usize) -> Result<Option<usize>> {
        let program = self.program;
        let base = self.stack.len();
        let mut state = Some((step, place));
        loop {
            let Some((step, place)) = state.take().or_else(|| self.back(base)) else { return Ok(None) };
            self.spend(1)?;
            state = match &program.steps[step] {
                Step::Done => return Ok(Some(place)),
                Step::Accept => {
                    let short = self.goal.whole && place != self.text.len();
                    let stuck = self.goal.advance && place == self.start;
                    if short || stuck {
                        None
                    } else {
                        return Ok(Some(place));
                    }
                }
                Step::One(one) => self.one(one, place).then_some((step + 1, place + 1)),
                Step::Run(one, times) => self.run_of(step, one, *times, place)?,
                Step::Assert(assertion) => self.holds(*assertion, place).then_some((step + 1, place)),
                Step::Save(number) => {
                    self.set_slot(*number, place);
                    if number % 2 == 1 {
                        self.set_slot(program.groups * 2 + 2, number / 2);
                    }
                    Some((step + 1, place))
                }
                Step::Split(other) => {
                    self.stack.push(Entry::Way { step: *other, place });
                    Some((step + 1, place))
                }
                Step::Jump(target) => Some((*target, place)),
                Step::Backreference(group, fold) => self.again(*group, *fold, place)?.map(|place| (step + 1, place)),
                Step::LoopStart(number) => {
                    self.set_count(*number, (0, NOWHERE));
                    Some((step + 1, place))
                }
                Step::Loop { number, times, exit } => self.decide(step, *number, *times, *exit, place),
                Step::Look { back, negate, end } => self.look(step, *back, *negate, place)?.then_some((*end, place)),
                Step::Atomic { end } => self.atomic(step, place)?.map(|place| (*end, place)),
                Step::Choice { group, otherwise } => {
                    Some((if self.group(*group).is_some() { step + 1 } else { *otherwise }, place))
                }
            };
        }
    }

    /// The next way to try, everything put back as it was when it was passed over.
    fn back(&mut self, base: usize) -> Option<(usize, usize)> {
        while self.stack.len() > base {
            match self.stack.pop()? {
                Entry::Way { step, place } => return Some((step, place)),
                Entry::Slot { number, old } => self.slots[number] = old,
                Entry::Count { number, old } => self.counts[number] = old,
                Entry::Shorter { step, least, place } => {
                    if place - 1 > least {
                        self.stack.push(Entry::Shorter { step, least, place: place - 1 });
                    }
                    return Some((step + 1, place - 1));
                }
                Entry::Longer { step, place, more } => {
                    let Step::Run(one, _) = &self.program.steps[step] else { continue };
                    if self.one(one, place) {
                        if more > 1 {
                            self.stack.push(Entry::Longer { step, place: place + 1, more: more - 1 });
                        }
                        return Some((step + 1, place + 1));
                    }
                }
                Entry::Round { step, place } => {
                    let Step::Loop { number, times, .. } = &self.program.steps[step] else { continue };
                    let (done, last) = self.counts[*number];
                    if done < times.most && place != last {
                        self.set_count(*number, (done + 1, place));
                        return Some((step + 1, place));
                    }
                }
            }
        }
        None
    }

    fn decide(
        &mut self,
        step: usize,
        number: usize,
        times: Times,
        exit: usize,
        place: usize,
    ) -> Option<(usize, usize)> {
        let (done, last) = self.counts[number];
        if done < times.least {
            self.set_count(number, (done + 1, last));
            return Some((step + 1, place));
        }
        if times.lazy {
            self.stack.push(Entry::Round { step, place });
            return Some((exit, place));
        }
        // A round that matched nothing is the last.
        if done < times.most && place != last {
            self.stack.push(Entry::Way { step: exit, place });
            self.set_count(number, (done + 1, place));
            return Some((step + 1, place));
        }
        Some((exit, place))
    }

    fn run_of(&mut self, step: usize, one: &One, times: Times, place: usize) -> Result<Option<(usize, usize)>> {
        let wanted = if times.lazy { times.least } else { times.most };
        let rest = &self.text[place..];
        let most = usize::try_from(wanted).unwrap_or(usize::MAX).min(rest.len());
        let count = rest[..most].iter().take_while(|character| one.matches(**character)).count();
        self.spend(count as u64 / 8)?;
        let least = usize::try_from(times.least).unwrap_or(usize::MAX);
        if count < least {
            return Ok(None);
        }
        let end = place + count;
        if times.lazy && times.most > times.least {
            self.stack.push(Entry::Longer { step, place: end, more: times.most - times.least });
        } else if count > least {
            self.stack.push(Entry::Shorter { step, least: place + least, place: end });
        }
        Ok(Some((step + 1, end)))
    }

    /// The text of a group once more; where it ends.
    fn again(&mut self, group: usize, fold: Fold, place: usize) -> Result<Option<usize>> {
        let Some((start, end)) = self.group(group) else { return Ok(None) };
        self.spend((end - start) as u64 / 8)?;
        let Some(here) = self.text.get(place..place + (end - start)) else { return Ok(None) };
        let mut pairs = self.text[start..end].iter().zip(here);
        let same = pairs.all(|(a, b)| a == b || (fold != Fold::Not && is_letter(*a, lower(*b, fold), fold)));
        Ok(same.then_some(place + (end - start)))
    }

    fn look(&mut self, step: usize, back: Option<usize>, negate: bool, place: usize) -> Result<bool> {
        let Some(from) = place.checked_sub(back.unwrap_or(0)) else { return Ok(negate) };
        let base = self.stack.len();
        let found = self.run(step + 1, from)?.is_some();
        if negate {
            self.drop_ways(base);
            self.back(base);
        } else {
            self.drop_ways(base);
        }
        Ok(found != negate)
    }

    fn atomic(&mut self, step: usize, place: usize) -> Result<Option<usize>> {
        let base = self.stack.len();
        let end = self.run(step + 1, place)?;
        self.drop_ways(base);
        Ok(end)
    }

    /// Forgets what else could be tried, keeps what must be put back.
    fn drop_ways(&mut self, base: usize) {
        let mut kept = base;
        for place in base..self.stack.len() {
            if matches!(self.stack[place], Entry::Slot { .. } | Entry::Count { .. }) {
                self.stack.swap(kept, place);
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }

    fn one(&self, one: &One, place: usize) -> bool {
        self.text.get(place).is_some_and(|character| one.matches(*character))
    }

    fn holds(&self, assertion: Assertion, place: usize) -> bool {
        let length = self.text.len();
        let word = |place: usize, ascii| self.text.get(place).is_some_and(|character| is_word(*character, ascii));
        let edge = |ascii| (place > 0 && word(place - 1, ascii)) != word(place, ascii);
        match assertion {
            Assertion::TextStart => place == 0,
            Assertion::LineStart => place == 0 || self.text[place - 1] == '\n',
            Assertion::TextEnd => place == length,
            Assertion::LastLineEnd => place == length || (place + 1 == length && self.text[place] == '\n'),
            Assertion::LineEnd => place == length || self.text[place] == '\n',
            Assertion::WordEdge { ascii } => length > 0 && edge(ascii),
            Assertion::NoWordEdge { ascii } => length > 0 && !edge(ascii),
        }
    }
}

impl One {
    fn matches(&self, character: char) -> bool {
        match self {
            One::Exactly(wanted) => *wanted == character,
            One::Folded(small, fold) => is_letter(character, *small, *fold),
            One::Any => true,
            One::AnyButLineEnd => character != '\n',
            One::Class(class) => class.contains(character),
        }
    }
}
