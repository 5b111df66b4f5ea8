// Answers each line of the standard input with one line, as the module named on the command line does.
const { rows } = require(process.argv[2]);

for (const line of require("fs").readFileSync(0, "utf8").split("\n")) {
  if (line) console.log(JSON.stringify(rows(line)));
}
