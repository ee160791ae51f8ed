import { isClusterOwned, sameService, type Service } from "./services.ts";

/** How a service is started, exactly: `Delayed` is an `Auto` that starts a while after the others. */
export type StartMode = Service["start_mode"] | "Delayed";

/** How a service stands apart from its snapshot. `stopped`: it ran then and does not run now. */
export type Difference =
  | { readonly kind: "gone"; readonly name: string }
  | { readonly kind: "start-mode"; readonly name: string; readonly was: StartMode; readonly is: StartMode }
  | { readonly kind: "stopped"; readonly name: string; readonly is: string };

/**
 * The start mode that a service of a snapshot is to have: the one that it had, but a service that the cluster owns is never
 * disabled again, whatever the snapshot says (domain page, 3.5: IS and SA stay `Manual`).
 */
export function wantedStartMode(before: Service): StartMode {
  return before.start_mode === "Disabled" && isClusterOwned(before.name) ? "Manual" : exactMode(before);
}

function exactMode({ start_mode: mode, delayed }: Service): StartMode {
  return delayed === true && mode === "Auto" ? "Delayed" : mode;
}

/** How it starts now; where nobody knows whether it is delayed, then or now, that is no difference. */
function modeNow(current: Service, before: Service): StartMode {
  if (current.start_mode !== "Auto" || before.start_mode !== "Auto" || before.delayed === undefined) return current.start_mode;
  return exactMode(current.delayed === undefined ? before : current);
}

/**
 * What stands apart, in the order of the snapshot. A service that was stopped and runs now is no difference, and whether a
 * service runs that the cluster owns is the cluster's business: it follows the mailbox server, not the snapshot.
 */
export function differences(before: readonly Service[], now: readonly Service[]): readonly Difference[] {
  return before.flatMap((service): readonly Difference[] => {
    const current = now.find(({ name }) => sameService(name, service.name));
    if (current === undefined) return [{ kind: "gone", name: service.name }];
    const wanted = wantedStartMode(service);
    const found: Difference[] = [];
    const is = modeNow(current, service);
    if (is !== wanted) found.push({ kind: "start-mode", name: service.name, was: wanted, is });
    if (service.state === "Running" && current.state !== "Running" && !isClusterOwned(service.name)) {
      found.push({ kind: "stopped", name: service.name, is: current.state });
    }
    return found;
  });
}

/** A difference as a sentence without a full stop. */
export function differenceText(difference: Difference): string {
  switch (difference.kind) {
    case "gone":
      return `${difference.name} is not there any more`;
    case "start-mode":
      return `${difference.name} starts ${difference.is} and not ${difference.was}`;
    case "stopped":
      return `${difference.name} is ${difference.is} and not Running`;
  }
}
