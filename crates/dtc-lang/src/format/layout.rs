//! Where each line of a document begins: a plan made from the tree, then the lines written by it.

use crate::text::{LineIndex, Span};
use crate::yaml::{Data, Node, Pair, Style};

/// Columns from a key to what it holds.
const STEP: usize = 2;

/// What is done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// Nothing of the tree starts here: a comment, an empty line, a `---`.
    Between,
    /// A key, an item or a value starts here, in this column.
    Starts { column: usize },
    /// The next line of a value: as far to the right of its first line as before, at least at `least`.
    Follows { first: usize, least: usize },
    /// A line of a block scalar whose text began in column `from`.
    Verbatim { from: usize, column: usize },
}

struct Planner<'t> {
    text: &'t str,
    index: LineIndex,
    /// By line from 0.
    plans: Vec<Plan>,
    /// Bytes where a key's colon begins and what it leads to on the same line: written as `: `.
    colons: Vec<(usize, usize)>,
    /// Where the walk has come to; what lies before it is repeated by an alias.
    reached: u32,
}

pub fn layout(text: &str, root: &Node) -> String {
    let index = LineIndex::new(text);
    let plans = vec![Plan::Between; index.lines() as usize];
    let mut planner = Planner { text, index, plans, colons: Vec::new(), reached: 0 };
    planner.node(root, 0, 0, 0);
    planner.write()
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The column that goes with one as written: that of the innermost level at or left of it.
fn level(levels: &[(usize, usize)], was: usize) -> usize {
    levels.iter().rev().find(|(from, _)| *from <= was).map_or(0, |(_, column)| *column)
}

/// What stands behind the blanks and dashes of a line, and how many dashes there are.
fn behind_dashes(line: &str) -> (usize, &str) {
    let mut rest = line.trim_start_matches(' ');
    let mut dashes = 0;
    while let Some(after) = rest.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with([' ', '\t'])) {
        rest = after.trim_start_matches([' ', '\t']);
        dashes += 1;
    }
    (dashes, rest)
}

/// Its span begins with its text, a line or more below its header.
fn is_block(node: &Node) -> bool {
    node.scalar().is_some_and(|scalar| scalar.style == Style::Block)
}

impl<'t> Planner<'t> {
    /// From 0.
    fn line_of(&self, offset: u32) -> usize {
        self.index.line_column(self.text, offset).0 as usize - 1
    }

    fn line(&self, number: usize) -> &'t str {
        self.index.line(self.text, u32::try_from(number + 1).unwrap_or(u32::MAX))
    }

    fn starts(&mut self, offset: u32, column: usize) {
        let line = self.line_of(offset);
        if self.plans[line] == Plan::Between {
            self.plans[line] = Plan::Starts { column };
        }
    }

    /// A node whose first character stands in `column`; what it holds stands right of `parent`. `lead`: where the
    /// key or the dash before it ends.
    fn node(&mut self, node: &Node, lead: u32, column: usize, parent: usize) {
        let flow = node.span.of(self.text).starts_with(['[', '{']);
        match &node.data {
            Data::Sequence(items) if !flow => {
                for item in items.iter().filter(|item| self.is_next(item.span)).collect::<Vec<_>>() {
                    self.item(item, column);
                }
            }
            Data::Mapping(pairs) if !flow => {
                for pair in pairs.iter().filter(|pair| node.span.start <= pair.key.span.start).collect::<Vec<_>>() {
                    if self.is_next(pair.key.span) {
                        self.pair(pair, column);
                    }
                }
            }
            Data::Scalar(scalar) if scalar.style == Style::Block => self.block(lead, node.span, parent),
            _ => self.rest(node.span, parent),
        }
        self.reached = self.reached.max(node.span.end);
    }

    fn is_next(&self, span: Span) -> bool {
        span.start >= self.reached
    }

    fn item(&mut self, item: &Node, column: usize) {
        // The dash's own line; a comment may stand between it and the item.
        let before = &self.text[..item.span.start as usize];
        let Some(dash) = before.rfind('-') else { return };
        let dash = u32::try_from(dash).unwrap_or(u32::MAX);
        let dash_line = self.line_of(dash);
        self.starts(dash, column);
        if self.line_of(item.span.start) != dash_line && !is_block(item) {
            self.starts(item.span.start, column + STEP);
        }
        self.node(item, dash, column + STEP, column);
    }

    fn pair(&mut self, pair: &Pair, column: usize) {
        let key_line = self.line_of(pair.key.span.start);
        self.starts(pair.key.span.start, column);
        self.reached = self.reached.max(pair.key.span.end);
        let after_key = &self.text[pair.key.span.end as usize..];
        let blanks = after_key.len() - after_key.trim_start_matches([' ', '\t']).len();
        if let Some(behind) = after_key[blanks..].strip_prefix(':') {
            let gap = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            let to = pair.key.span.end as usize + blanks + 1 + gap;
            if !self.text[to..].starts_with(['#', '\n', '\r']) && to < self.text.len() {
                self.colons.push((pair.key.span.end as usize, to));
            }
        }
        if !self.is_next(pair.value.span) || pair.value.span.start == pair.value.span.end {
            return;
        }
        if self.line_of(pair.value.span.start) != key_line && !is_block(&pair.value) {
            self.starts(pair.value.span.start, column + STEP);
        }
        self.node(&pair.value, pair.key.span.end, column + STEP, column);
    }

    /// Lines of a value after its first.
    fn rest(&mut self, span: Span, parent: usize) {
        let first = self.line_of(span.start);
        let last = self.line_of(span.end.saturating_sub(1).max(span.start));
        for line in first + 1..=last {
            self.plans[line] = Plan::Follows { first, least: parent + STEP };
        }
    }

    /// Lines of a block scalar. Its header stands behind `lead`, a key's colon or a dash.
    fn block(&mut self, lead: u32, span: Span, parent: usize) {
        let Some(header) = self.text.get(lead as usize..span.start as usize) else { return };
        let header = header.split(['#', '\n']).next().unwrap_or_default();
        let first = self.line_of(lead);
        let body = span.of(self.text);
        // Empty lines at the end count only where `+` keeps them.
        let end =
            if header.contains('+') { body.rfind('\n').map_or(body.len(), |at| at + 1) } else { body.trim_end().len() };
        let last = self.line_of((span.start + u32::try_from(end).unwrap_or(0)).saturating_sub(1));
        let lines = first + 1..=last;
        let content = lines.clone().map(|line| self.line(line)).find(|line| !line.trim().is_empty());
        let Some(written) = content.map(indentation) else { return };
        let (from, column) = match header.chars().find_map(|character| character.to_digit(10)) {
            Some(own) => (self.was(first) + own as usize, parent + own as usize),
            None => (written, parent + STEP),
        };
        for line in lines {
            self.plans[line] = Plan::Verbatim { from, column };
        }
    }

    /// Where the innermost key or item of a line stands now.
    fn was(&self, line: usize) -> usize {
        let line = self.line(line);
        let (dashes, rest) = behind_dashes(line);
        let is_item = dashes > 0 && rest.starts_with(['|', '>']);
        if is_item { line.rfind('-').unwrap_or(0) } else { line.len() - rest.len() }
    }

    fn write(&self) -> String {
        let mut out: Vec<String> = Vec::with_capacity(self.plans.len());
        // Columns of the lines above that something can belong to: as written, and as they will be.
        let mut levels: Vec<(usize, usize)> = Vec::new();
        for number in 0..self.plans.len() {
            let line = self.line(number);
            let trimmed = line.trim();
            match self.plans[number] {
                Plan::Between if trimmed.is_empty() => {
                    if out.last().is_some_and(|last| !last.is_empty()) {
                        out.push(String::new());
                    }
                }
                Plan::Between if trimmed.starts_with('#') => {
                    let column = self.comment_column(number, indentation(line), &levels);
                    out.push(format!("{:column$}{trimmed}", ""));
                }
                // An alias, or a mark between documents.
                Plan::Between => {
                    let column = level(&levels, indentation(line));
                    let (dashes, rest) = behind_dashes(line);
                    let rest = if line.starts_with(['-', '.', '%']) && dashes == 0 { line } else { rest };
                    out.push(format!("{:column$}{}{}", "", "- ".repeat(dashes), rest.trim_end()));
                }
                Plan::Starts { column } => {
                    let (dashes, rest) = behind_dashes(line);
                    let mut written = format!("{:column$}{}", "", "- ".repeat(dashes));
                    written.push_str(&self.with_colons(number, line.len() - rest.len(), rest));
                    let was = indentation(line);
                    levels.retain(|(from, _)| *from < was);
                    levels.push((was, column));
                    if dashes > 0 {
                        levels.push((line.len() - rest.len(), column + STEP * dashes));
                    }
                    out.push(written.trim_end().to_owned());
                }
                Plan::Follows { first, least } => {
                    let moved = self.column_of(first) as isize - indentation(self.line(first)) as isize;
                    let column = (indentation(line) as isize + moved).max(least as isize) as usize;
                    let column = if trimmed.is_empty() { 0 } else { column };
                    out.push(format!("{:column$}{}", "", line.trim()));
                }
                Plan::Verbatim { from, column } => {
                    let kept = if trimmed.is_empty() { indentation(line) } else { from.min(indentation(line)) };
                    let column = if line.len() <= from && trimmed.is_empty() { 0 } else { column };
                    out.push(format!("{:column$}{}", "", &line[kept.min(from).min(line.len())..]));
                }
            }
        }
        while out.last().is_some_and(String::is_empty) {
            out.pop();
        }
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut text = out.join(end);
        text.push_str(end);
        text
    }

    /// Where the first line of a value begins after all.
    fn column_of(&self, line: usize) -> usize {
        match self.plans[line] {
            Plan::Starts { column } => column,
            _ => indentation(self.line(line)),
        }
    }

    /// A comment stands where what it speaks of stands: the next line, unless it is indented deeper than
    /// that and so ends the part above.
    fn comment_column(&self, number: usize, was: usize, levels: &[(usize, usize)]) -> usize {
        // Two levels can begin in the first column; a last comment there is the document's.
        let own = if was == 0 { 0 } else { level(levels, was) };
        match (number + 1..self.plans.len()).find(|line| matches!(self.plans[*line], Plan::Starts { .. })) {
            Some(next) if was <= indentation(self.line(next)) => self.column_of(next),
            Some(next) => own.max(self.column_of(next)),
            None => own,
        }
    }

    /// The rest of a line with one blank behind each key's colon. `skipped`: bytes of the line before it.
    fn with_colons(&self, number: usize, skipped: usize, rest: &str) -> String {
        let line = self.line(number);
        let start = line.as_ptr() as usize - self.text.as_ptr() as usize + skipped;
        let here = self.colons.iter().find(|(from, to)| start <= *from && *to <= start + rest.len());
        match here {
            Some((from, to)) => format!("{}: {}", &rest[..from - start], &rest[to - start..]),
            None => rest.to_owned(),
        }
    }
}
