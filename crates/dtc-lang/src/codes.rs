//! The registry of diagnostic codes: number, title, nothing else. `docs/errors/` explains each.
//!
//! 01xx the text, 02xx attributes, 03xx references, 04xx expressions. A number is never given twice.

/// A code that diagnostics carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub number: &'static str,
    pub title: &'static str,
}

macro_rules! registry {
    ($($name:ident = $number:literal, $title:literal;)*) => {
        $(pub const $name: Known = Known { number: $number, title: $title };)*
        /// Every code, in order.
        pub const ALL: &[Known] = &[$($name),*];
    };
}

registry! {
    YAML_SYNTAX = "DTC0101", "The text is not valid YAML";
    TAB_INDENT = "DTC0102", "A line is indented with a tab";
    SEVERAL_DOCUMENTS = "DTC0103", "The text holds more than one YAML document";
    EMPTY_TEXT = "DTC0104", "The text holds no document";
    ALIAS_EXPANSION = "DTC0105", "Aliases expand to too much";
    NESTED_TOO_DEEP = "DTC0106", "The text is nested too deeply";
    UNKNOWN_ALIAS = "DTC0107", "An alias names no anchor";
    DUPLICATE_KEY = "DTC0108", "A key is written twice";
    NOT_A_DOCUMENT = "DTC0109", "The text is not a DTC document";

    UNKNOWN_ATTRIBUTE = "DTC0201", "An attribute is not known";
    MISSING_ATTRIBUTE = "DTC0202", "A required attribute is missing";
    EMPTY_ATTRIBUTE = "DTC0203", "An attribute has no value";
    UNKNOWN_TYPE = "DTC0204", "A type is not known";
    MISPLACED_TYPE = "DTC0205", "A type does not belong here";
    WRONG_SHAPE = "DTC0206", "A value has the wrong shape";
    BAD_NAME = "DTC0207", "A name is not an identifier";
    DUPLICATE_NAME = "DTC0208", "A name is given twice";
    BAD_VERSION = "DTC0209", "The version is not known";
    BAD_NUMBER = "DTC0210", "A number is not usable here";
    NOT_TEXT = "DTC0211", "YAML did not read an expression as text";
    DIMENSION_TYPE = "DTC0212", "A dimension has a type that keys cannot hold";
    WINDOW_TYPE = "DTC0213", "A window type is not known";
    BAD_CHOICE = "DTC0214", "A value is not one of the choices";
    BLURR_DIFFERS = "DTC0215", "Blurr gives other rows here";
    SECRET = "DTC0216", "A document holds a secret";
    BAD_ADDRESS = "DTC0217", "An address cannot be spoken to";
    BAD_SCHEDULE = "DTC0218", "A schedule is none that AWS takes";
    BAD_ARN = "DTC0219", "An ARN does not name what is wanted";
    BAD_RELEASE = "DTC0220", "A release of EMR does not exist";
    BAD_METRIC = "DTC0221", "A metric is never sent";
    BAD_FILTER = "DTC0222", "An event filter is not of AWS's grammar";
    BAD_LOCATION = "DTC0223", "A place in S3 cannot be one";
    BAD_SETTING = "DTC0224", "AWS does not take a value";
    CONTRADICTION = "DTC0225", "Two settings contradict each other";

    UNKNOWN_STORE = "DTC0301", "A store is not defined";
    UNKNOWN_STREAM = "DTC0302", "A streaming document is not found";
    UNKNOWN_SOURCE = "DTC0303", "A window's source is not found";
    SOURCE_NOT_BLOCKS = "DTC0304", "A source holds no blocks";
    AMBIGUOUS_SOURCE = "DTC0305", "The anchor's source is ambiguous";
    UNKNOWN_IMPORT = "DTC0306", "An import is not available";
    UNKNOWN_PART = "DTC0307", "A part of a pipeline is not defined";
    UNKNOWN_PLACEHOLDER = "DTC0308", "A placeholder stands for nothing";
    CIRCULAR_STEPS = "DTC0309", "Steps lead in a circle";
    UNREACHED_STEP = "DTC0310", "A step is never reached";

    EXPRESSION_SYNTAX = "DTC0401", "An expression is not Python";
    SINGLE_EQUALS = "DTC0402", "A single `=` stands where `==` is meant";
    UNKNOWN_NAME = "DTC0403", "A name is not defined";
    UNKNOWN_FIELD = "DTC0404", "An aggregate has no such field";
    UNKNOWN_MEMBER = "DTC0405", "A function, method or attribute does not exist";
    UNSUPPORTED = "DTC0406", "A construct of Python is not supported";
    LIST_FOR_SCALAR = "DTC0407", "A window's list is given to a field of one value";
    SCRIPT_SYNTAX = "DTC0408", "A Rhai function's script does not compile";
    UNSEEN_FIELD = "DTC0409", "A field never occurs in the data";
    SAME_OUTCOME = "DTC0410", "A comparison always comes out the same";
    OPERAND_TYPES = "DTC0411", "An operator does not work with these types";
    IS_LITERAL = "DTC0412", "`is` stands where `==` is meant";
    TEXT_TRUTH = "DTC0413", "A text is tested as if it were true or false";
    ZERO_DIVISION = "DTC0414", "A divisor is or can be zero";
    READ_TOO_EARLY = "DTC0415", "A field is read before it is evaluated";
    NEVER_HOLDS = "DTC0416", "A condition never holds";
    ALWAYS_HOLDS = "DTC0417", "A condition always holds";
    REFUSED_VALUE = "DTC0418", "A value never fits the type of its field";
    NEVER_SET = "DTC0419", "A field is never set";
    NO_HISTORY = "DTC0420", "A window never has its blocks";
    BAD_PATTERN = "DTC0421", "A regular expression cannot be read";
    BAD_ARGUMENTS = "DTC0422", "A function is called with the wrong arguments";
    TIME_FORMAT = "DTC0423", "A format reads none of the data's times";
}
