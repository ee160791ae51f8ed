import type { StoredValue } from "./machine-state.ts";
import type { WorldFile } from "./world-schema.ts";

/** What the registry of both nodes says of the offline address book: the node that generates it, which does not follow the mailbox server (domain page, 2.8; that the value is a text is from memory). Nothing where there is no cluster. */
export function addressBookValues({ mailbox_server: server }: WorldFile): readonly StoredValue[] {
  if (server.storage === "stand_alone") return [];
  const key = `HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeSA\\Parameters\\${server.name}`;
  return [{ key, name: "EnableOabGenOnThisNode", type: "REG_SZ", value: server.address_book ?? server.active }];
}
