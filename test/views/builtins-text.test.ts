import { expect, test } from "vitest";
import { defineBuiltin, type AnyBuiltin, type Registry } from "../../src/core/builtin.ts";
import { builtinsDocument } from "../../src/views/builtins-document.ts";
import { builtinPage, builtinsLines } from "../../src/views/builtins-text.ts";
import { PLAIN } from "../../src/views/style.ts";
import { expectScreen } from "./golden.ts";

const EXAMPLE: AnyBuiltin = defineBuiltin({
  name: "file.copy",
  title: "Copy a file to the target",
  docs: "Compares size and hash first.\n\nNothing is copied where the file is there already.",
  examples: [{ title: "A package", yaml: "- id: copy\n  uses: file.copy\n  with:\n    from: a.msp\n    to: C:\\a.msp\n" }],
  inputs: { from: { type: "string", format: "file", description: "File on this machine" }, to: { type: "string", format: "path" }, limit: { type: "size", default: "1GB", maximum: "4GB" } },
  outputs: { sha256: { type: "string", format: "sha256" }, previous: { type: "object", properties: { bytes: { type: "size" } }, required: false } },
  codes: { changed: "the file on this machine changed while it was copied" },
  place: "optional",
  timeoutMs: 600_000,
  undo: { kind: "steps", how: "the copy can be removed by hand" },
  actions: { put: { effect: "changes", title: "Copy the file", make: (inputs) => ({ kind: "put", from: inputs.from, to: inputs.to }) } },
  look: () => ({}),
  decide: () => ({ kind: "wait", because: "" }),
});
const REGISTRY: Registry = new Map([[EXAMPLE.name, EXAMPLE]]);

test("a page of the reference tells inputs, outputs, actions, codes and an example", async () => {
  await expectScreen("builtin-page", builtinPage(EXAMPLE, PLAIN));
});

test("the list has a line for each builtin, by area", () => {
  expect(builtinsLines(REGISTRY, PLAIN)).toEqual(["file", "  file.copy  changes  Copy a file to the target"]);
});

test("the document has no functions and says what each action does", () => {
  const [document] = builtinsDocument(REGISTRY).builtins;
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  expect(document?.actions).toEqual([{ name: "put", effect: "changes", title: "Copy the file", atMost: 1 }]);
});
