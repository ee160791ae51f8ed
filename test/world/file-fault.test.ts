import { expect, test } from "vitest";
import { fileFailure } from "../../src/world/file-fault.ts";

const fault = (code: string): Error => Object.assign(new Error(code), { code });

test("a file system that can only be read is told apart from what an account may not use", () => {
  expect(fileFailure("/srv/state", fault("EROFS"))).toEqual({ code: "denied", because: "/srv/state is on a file system that can only be read" });
  expect(fileFailure("/srv/state", fault("EACCES"))).toEqual({ code: "denied", because: "the account may not use /srv/state" });
});

test("an error that is none of the system's is thrown on", () => {
  expect(() => fileFailure("/srv/state", new TypeError("ours"))).toThrow("ours");
});
