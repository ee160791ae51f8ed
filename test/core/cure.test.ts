import { expect, test } from "vitest";
import { causeOf, curesOnce } from "../../src/core/cure.ts";

const refused = (name: string, host = name): string => `${name} cannot be reached by ssh: nothing answers on its ssh port. Does sshd run there? ssh ${host}`;

test("the same cure for several machines is told of the first, and each is named with its cause", () => {
  expect(curesOnce([refused("web1.example"), refused("web2.example"), refused("web3.example")])).toEqual([
    refused("web1.example"), "web2.example cannot be reached by ssh: nothing answers on its ssh port", "web3.example cannot be reached by ssh: nothing answers on its ssh port",
  ]);
});

test("a cure that is another one, or of another cause, is told", () => {
  const reasons = [refused("web1"), refused("web2", "10.0.0.2"), "web3 cannot be reached by ssh: it does not answer. Is it switched on?", "`dpkg` was ended. Look at web1"];
  expect(curesOnce(reasons)).toEqual(reasons);
});

test("what was told elsewhere is not told again, and a reason without a cure stays as it is", () => {
  expect(curesOnce([refused("web2"), "true ended with 1.5"], [refused("web1")])).toEqual([causeOf(refused("web2")), "true ended with 1.5"]);
});
