import { nameHint } from "../core/names.ts";
import { compareVersions } from "../core/version.ts";
import { checkBackupJobs } from "./backup-job.ts";
import { checkEvents } from "./check-events.ts";
import { checkMachines } from "./check-machine.ts";
import { checkServices } from "./check-services.ts";
import { parseRange, TIMINGS } from "./timings.ts";
import { faultAt, twice, unknownName, type WorldFault } from "./world-fault.ts";
import { sameName } from "./world-state.ts";
import type { WorldFile } from "./world-schema.ts";

/** Everything in a world file that contradicts the rest of it, in no particular order; empty for a world that can be. The file's shape was checked before. */
export function checkWorld(file: WorldFile): readonly WorldFault[] {
  return [...checkNodes(file), ...checkMachines(file), ...checkMailboxServer(file), ...checkGroups(file), ...checkPackages(file), ...checkServices(file), ...checkEvents(file), ...checkBackupJobs(file.backup_jobs ?? [], Object.keys(file.mailbox_server.storage_groups)), ...checkPeople(file), ...checkDurations(file)];
}

function checkNodes(file: WorldFile): readonly WorldFault[] {
  const names = Object.keys(file.nodes);
  const faults: WorldFault[] = [...twice(names, (name) => ["nodes", name], "nodes")];
  if (names.length !== 2) faults.push(faultAt(["nodes"], `the cluster has two nodes, not ${names.length}`));
  for (const [name, node] of Object.entries(file.nodes)) {
    for (const [index, kb] of (node.updates ?? []).entries()) {
      const known = file.packages?.find((other) => other.kb === kb);
      if (known === undefined) faults.push(faultAt(["nodes", name, "updates", index], `no package has the article number ${kb}`, nameHint(kb, (file.packages ?? []).map((other) => other.kb))));
      else if (compareVersions(known.target, file.mailbox_server.version) !== 0) faults.push(faultAt(["nodes", name, "updates", index], `the package ${kb} fits ${known.target}, and the nodes have ${file.mailbox_server.version}`));
    }
    for (const [index, kb] of (node.earlier_updates ?? []).entries()) {
      const known = file.packages?.find((other) => other.kb === kb);
      if (known === undefined || compareVersions(known.build, file.mailbox_server.version) >= 0) faults.push(faultAt(["nodes", name, "earlier_updates", index], `no package of an earlier service pack has the article number ${kb}`));
    }
    for (const [path, content] of Object.entries(node.files ?? {})) {
      if ((content.kb === undefined) === (content.text === undefined)) faults.push(faultAt(["nodes", name, "files", path], "a file has one of `kb` and `text`"));
      if (content.kb !== undefined && !(file.packages ?? []).some((known) => known.kb === content.kb)) faults.push(faultAt(["nodes", name, "files", path, "kb"], `no package has the article number ${content.kb}`));
    }
  }
  return faults;
}

function checkMailboxServer(file: WorldFile): readonly WorldFault[] {
  const { name, active, state, storage, storage_groups: groups } = file.mailbox_server;
  const path = ["mailbox_server"];
  const faults: WorldFault[] = [...unknownName([...path, "active"], "node", active, Object.keys(file.nodes)), ...unknownName([...path, "failback"], "node", file.mailbox_server.failback, Object.keys(file.nodes))];
  faults.push(...unknownName([...path, "address_book"], "node", file.mailbox_server.address_book, Object.keys(file.nodes)));
  const up = Object.entries(file.nodes).filter(([, node]) => node.power !== "off");
  const votes = up.length + (file.cluster.witness_reachable === false ? 0 : 1);
  const isOff = Object.entries(file.nodes).some(([node, { power }]) => sameName(node, active) && power === "off");
  if (state !== "Offline" && isOff) faults.push(faultAt([...path, "active"], `${name} is Online on ${active}, which is off`));
  else if (state !== "Offline" && votes < 2) faults.push(faultAt([...path, "state"], `${name} is Online without a quorum: ${votes} of 3 votes`));
  const clash = [file.cluster.name, ...Object.keys(file.nodes)].find((other) => sameName(other, name));
  if (clash !== undefined) faults.push(faultAt([...path, "name"], `\`${name}\` is the name of the cluster or of a node too`));
  const entries = Object.entries(groups);
  if (entries.length === 0) faults.push(faultAt([...path, "storage_groups"], "a mailbox server has at least one storage group"));
  faults.push(...twice(entries.map(([group]) => group), (group) => [...path, "storage_groups", group], "storage groups"));
  faults.push(...twice(entries.map(([, group]) => group.database), (_, index) => [...path, "storage_groups", entries[index]?.[0] ?? "", "database"], "databases"));
  for (const [group, own] of entries) {
    const place = [...path, "storage_groups", group];
    const [from = 0, to = from] = (own.catch_up ?? "").split("..").map(Number);
    if (to < from) faults.push(faultAt([...place, "catch_up"], `\`${own.catch_up ?? ""}\` runs backwards`));
    if ((storage ?? "ccr") !== "ccr" && (own.copy ?? own.copy_queue ?? own.replay_queue ?? own.replay_lag ?? own.catch_up) !== undefined) faults.push(faultAt(place, "only continuous replication keeps copies"));
    if (own.copy_for !== undefined && (own.copy === undefined || own.copy === "Healthy" || own.copy === "Suspended")) faults.push(faultAt([...place, "copy_for"], "`copy_for` tells how long a copy is not healthy: say in `copy` what it is; a suspended one stays so until it is resumed"));
    if (own.copy_message !== undefined && (own.copy === undefined || own.copy === "Healthy" || own.copy === "Initializing")) faults.push(faultAt([...place, "copy_message"], "only a copy that is suspended or in trouble has a message"));
    if (own.backup_running !== undefined && (own.mounted === false || state === "Offline")) faults.push(faultAt([...place, "backup_running"], "a database that is not mounted has no running backup"));
  }
  return faults;
}

function checkGroups(file: WorldFile): readonly WorldFault[] {
  const names = Object.keys(file.groups ?? {});
  const nodes = Object.keys(file.nodes);
  const server = file.mailbox_server.name;
  return [
    ...twice(names, (name) => ["groups", name], "groups"),
    ...Object.entries(file.groups ?? {}).flatMap(([name, group]) => [
      ...(sameName(name, server) ? [faultAt(["groups", name], "the mailbox server's group follows from `mailbox_server`: it is owned by the active node")] : []),
      ...unknownName(["groups", name, "owner"], "node", group.owner, nodes),
      ...(group.preferred_owners ?? []).flatMap((owner, index) => unknownName(["groups", name, "preferred_owners", index], "node", owner, nodes)),
      ...(group.failback === true && (group.preferred_owners ?? []).length === 0 ? [faultAt(["groups", name, "failback"], "a group falls back to a preferred owner, and it has none")] : []),
      ...(group.state !== "Offline" && isOff(file, group.owner) ? [faultAt(["groups", name, "owner"], `${name} is ${group.state ?? "Online"} on ${group.owner}, which is off`)] : []),
      ...((group.resources ?? []).length > 0 && sameName(name, "Cluster Group") ? [faultAt(["groups", name, "resources"], "the resources of the core group are given: its address, its name and the witness")] : []),
    ]),
  ];
}

function isOff(file: WorldFile, name: string): boolean {
  return Object.entries(file.nodes).some(([node, { power }]) => sameName(node, name) && power === "off");
}

function checkPackages(file: WorldFile): readonly WorldFault[] {
  const packages = file.packages ?? [];
  return [
    ...twice(packages.map((known) => known.kb), (_, index) => ["packages", index, "kb"], "packages"),
    ...packages.flatMap((known, index) => (compareVersions(known.build, known.target) > 0 ? [] : [faultAt(["packages", index, "build"], `the build ${known.build} is not above the base ${known.target} that the package fits`)])),
  ];
}

function checkPeople(file: WorldFile): readonly WorldFault[] {
  return [
    ...twice((file.people ?? []).map((person) => person.name), (_, index) => ["people", index, "name"], "people"),
    ...(file.people ?? []).flatMap((person, index) => person.answers.flatMap((answer, at) => {
      const place = ["people", index, "answers", at];
      const isWord = answer.kind === "approve" || answer.kind === "confirm" || answer.kind === "do";
      return [
        ...(answer.question.trim() === "" ? [faultAt([...place, "question"], "an empty text is part of every question: name the question")] : []),
        ...(isWord && answer.answer !== "yes" && answer.answer !== "no" ? [faultAt([...place, "answer"], `the answer to \`${answer.kind}\` is \`yes\` or \`no\``)] : []),
      ];
    })),
  ];
}

function checkDurations(file: WorldFile): readonly WorldFault[] {
  return Object.entries(file.durations ?? {}).flatMap(([name, range]) => [
    ...(Object.hasOwn(TIMINGS, name) ? [] : [faultAt(["durations", name], `nothing is named \`${name}\` that takes time`, nameHint(name, Object.keys(TIMINGS)))]),
    ...(parseRange(range) === undefined ? [faultAt(["durations", name], `\`${range}\` is neither a duration (\`90s\`) nor a range of them (\`1m..3m\`)`)] : []),
  ]);
}
