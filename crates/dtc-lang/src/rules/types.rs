//! What the types of an expression show to be wrong in it.

use dtc_expr::infer::{Finding, FindingKind};

use crate::codes::{self, Known};
use crate::diagnostic::Diagnostic;
use crate::parts::Part;
use crate::rules::{conditions, cures};

pub(crate) fn check(text: &str, parts: &[Part], diagnostics: &mut Vec<Diagnostic>) {
    for part in parts {
        let reason = conditions::reason(part);
        for (place, finding) in part.inferred.findings.iter().enumerate() {
            if reason != Some(place) {
                diagnostics.push(diagnostic(text, part, finding));
            }
        }
    }
}

fn diagnostic(text: &str, part: &Part, finding: &Finding) -> Diagnostic {
    let span = part.expression.place(finding.span.clone());
    let diagnostic = Diagnostic::warning(code(finding.kind), finding.message.clone(), span, "");
    cures::explained(diagnostic, text, part, finding)
}

fn code(kind: FindingKind) -> Known {
    match kind {
        FindingKind::SameOutcome => codes::SAME_OUTCOME,
        FindingKind::Operands => codes::OPERAND_TYPES,
        FindingKind::IsLiteral => codes::IS_LITERAL,
        FindingKind::TextTruth => codes::TEXT_TRUTH,
        FindingKind::ZeroDivision => codes::ZERO_DIVISION,
    }
}
