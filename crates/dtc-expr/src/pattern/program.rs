//! A tree as steps for the machine. Repeats stay loops, so a program is as short as its pattern.

use super::tree::{Assertion, Fold, One, Times, Tree};

#[derive(Debug)]
pub(super) struct Program {
    pub steps: Vec<Step>,
    pub loops: usize,
    pub groups: usize,
    /// The character that every match begins with, where it is known.
    pub first: Option<char>,
}

#[derive(Debug)]
pub(super) enum Step {
    One(One),
    /// One character again and again.
    Run(One, Times),
    Assert(Assertion),
    /// Notes the place: twice the group's number, one more at its end.
    Save(usize),
    /// Goes on here; later, perhaps, there.
    Split(usize),
    Jump(usize),
    Backreference(usize, Fold),
    LoopStart(usize),
    /// Decides on another round; the steps after it are the round.
    Loop {
        number: usize,
        times: Times,
        exit: usize,
    },
    /// The steps up to `end` must match from here on, or from `back` characters before.
    Look {
        back: Option<usize>,
        negate: bool,
        end: usize,
    },
    Atomic {
        end: usize,
    },
    Choice {
        group: usize,
        otherwise: usize,
    },
    /// The end of a look or an atomic group.
    Done,
    /// The end of the pattern.
    Accept,
}

impl Program {
    pub(super) fn new(tree: &Tree, groups: usize) -> Program {
        let mut program = Program { steps: Vec::new(), loops: 0, groups, first: first(tree) };
        program.add(tree);
        program.steps.push(Step::Accept);
        program
    }

    /// A step that is completed when its target is known.
    fn reserve(&mut self) -> usize {
        self.steps.push(Step::Done);
        self.steps.len() - 1
    }

    fn add(&mut self, tree: &Tree) {
        match tree {
            Tree::One(one) => self.steps.push(Step::One(one.clone())),
            Tree::Assert(assertion) => self.steps.push(Step::Assert(*assertion)),
            Tree::Group(group, inside) => {
                self.steps.push(Step::Save(group * 2));
                self.add(inside);
                self.steps.push(Step::Save(group * 2 + 1));
            }
            Tree::Plain(inside) => self.add(inside),
            Tree::Backreference(group, fold) => self.steps.push(Step::Backreference(*group, *fold)),
            Tree::Repeat(inside, times) => self.repeat(inside, *times),
            Tree::Alternatives(ways) => self.alternatives(ways),
            Tree::Sequence(parts) => parts.iter().for_each(|part| self.add(part)),
            Tree::Look { back, negate, inside } => {
                let start = self.reserve();
                self.inner(inside);
                self.steps[start] = Step::Look { back: *back, negate: *negate, end: self.steps.len() };
            }
            Tree::Atomic(inside) => {
                let start = self.reserve();
                self.inner(inside);
                self.steps[start] = Step::Atomic { end: self.steps.len() };
            }
            Tree::Choice(group, yes, no) => {
                let start = self.reserve();
                self.add(yes);
                let jump = self.reserve();
                self.steps[start] = Step::Choice { group: *group, otherwise: self.steps.len() };
                self.add(no);
                self.steps[jump] = Step::Jump(self.steps.len());
            }
        }
    }

    /// Steps with an end of their own.
    fn inner(&mut self, inside: &Tree) {
        self.add(inside);
        self.steps.push(Step::Done);
    }

    fn repeat(&mut self, inside: &Tree, times: Times) {
        let mut bare = inside;
        while let Tree::Plain(inner) = bare {
            bare = inner;
        }
        if let Tree::One(one) = bare {
            self.steps.push(Step::Run(one.clone(), times));
            return;
        }
        let number = self.loops;
        self.loops += 1;
        self.steps.push(Step::LoopStart(number));
        let decide = self.reserve();
        self.add(inside);
        self.steps.push(Step::Jump(decide));
        self.steps[decide] = Step::Loop { number, times, exit: self.steps.len() };
    }

    fn alternatives(&mut self, ways: &[Tree]) {
        let mut jumps = Vec::new();
        for (place, way) in ways.iter().enumerate() {
            if place + 1 == ways.len() {
                self.add(way);
                break;
            }
            let split = self.reserve();
            self.add(way);
            jumps.push(self.reserve());
            self.steps[split] = Step::Split(self.steps.len());
        }
        for jump in jumps {
            self.steps[jump] = Step::Jump(self.steps.len());
        }
    }
}

fn first(tree: &Tree) -> Option<char> {
    match tree {
        Tree::One(One::Exactly(character)) => Some(*character),
        Tree::Group(_, inside) | Tree::Plain(inside) | Tree::Atomic(inside) => first(inside),
        Tree::Sequence(parts) => first(parts.first()?),
        Tree::Repeat(inside, times) if times.least > 0 => first(inside),
        _ => None,
    }
}
