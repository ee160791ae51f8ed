import type { Failure } from "../../core/failure.ts";
import { sameName, type WorldState } from "../world-state.ts";
import { failed, type Moment } from "./command.ts";

/** Why an Exchange cmdlet cannot work at all from here; undefined where it can (domain page, 2.2 and 3.2: role, formed cluster). */
export function exchangeRefusal({ state, node }: Moment): { readonly kind: "failed"; readonly failure: Failure } | undefined {
  if (!state.account.exchangeRole) return failed("denied", `The account ${state.account.name} does not have the Exchange Server Administrator role.`);
  if (node !== undefined && !node.administrator) return failed("denied", `Access is denied: ${state.account.name} is no local administrator on ${node.name}.`);
  return undefined;
}

/** Why the cluster cannot be asked about the mailbox server; undefined where it can. */
export function clusterRefusal(state: WorldState): { readonly kind: "failed"; readonly failure: Failure } | undefined {
  if (state.mailboxServer.storage === "Disabled") return failed("cmdlet_error", `${state.mailboxServer.name} is no clustered mailbox server.`);
  return state.cluster.quorum ? undefined : failed("cmdlet_error", `The cluster of ${state.mailboxServer.name} cannot be contacted: it is not formed.`);
}

/** Why a name is not that of the mailbox server; undefined where it is, or none is given. */
export function nameRefusal(state: WorldState, name: string): { readonly kind: "failed"; readonly failure: Failure } | undefined {
  const server = state.mailboxServer.name;
  if (name === "" || sameName(name, server) || sameName(name, `${server}.${state.domain}`)) return undefined;
  return failed("not_found", `The object '${name}' could not be found.`);
}
