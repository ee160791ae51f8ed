import { expect, test } from "vitest";
import { unpackGuid } from "../../src/formats/packed-guid.ts";

test("the code of Exchange is unpacked as command lines have it", () => {
  expect(unpackGuid("461C2B4266EDEF444B864AD6D9E5B613")).toBe("{24B2C164-DE66-44FE-B468-A46D9D5E6B31}");
  expect(unpackGuid("461c2b4266edef444b864ad6d9e5b613")).toBe("{24B2C164-DE66-44FE-B468-A46D9D5E6B31}");
});

test.each(["", "1A", "461C2B4266EDEF444B864AD6D9E5B61", "461C2B4266EDEF444B864AD6D9E5B61X", "{24B2C164-DE66-44FE-B468-A46D9D5E6B31}"])("%j is no packed code", (text) => {
  expect(unpackGuid(text)).toBeUndefined();
});
