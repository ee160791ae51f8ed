// A program of a simulated node: says to the world how it was called, waits for its answer, prints it and ends with its exit code.
// Linux keeps eight bits of that.
import { connect } from "node:net";
import { basename } from "node:path";
import { text } from "node:stream/consumers";

const socket = connect(process.env.RUNBOOK_WORLD ?? "");
socket.write(`${JSON.stringify({ kind: "program", node: process.env.RUNBOOK_NODE, pid: process.ppid, name: basename(process.argv[1]), args: process.argv.slice(2) })}\n`);
const { exitCode, stdout, stderr } = JSON.parse(await text(socket));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode % 256;
