import { compareVersions } from "../core/version.ts";
import { USUAL_SERVICES } from "./service-table.ts";
import { faultAt, twice, type WorldFault } from "./world-fault.ts";
import type { NodeFile, WorldFile } from "./world-schema.ts";

interface Service {
  readonly name: string;
  readonly dependsOn: readonly string[];
  /** Undefined where it depends on which node is active. */
  readonly state: string | undefined;
}

/** What is wrong with the services of the nodes: two of a name, one that needs what is not there, a circle, one that runs without what it needs. */
export function checkServices(file: WorldFile): readonly WorldFault[] {
  return Object.entries(file.nodes).flatMap(([node, own]) => {
    const services = servicesOf(own, file.mailbox_server.version);
    const path = (name: string): readonly string[] => ["nodes", node, "services", name];
    return [
      ...twice(Object.keys(own.services ?? {}), path, "services"),
      ...Object.keys(own.services ?? {}).flatMap((name) => {
        const service = services.get(name.toLowerCase());
        if (service === undefined) return [];
        const absent = service.dependsOn.find((needed) => !services.has(needed.toLowerCase()));
        if (absent !== undefined) return [faultAt([...path(name), "depends_on"], `${name} needs \`${absent}\`, which ${node} does not have`)];
        const circle = circleFrom(services, service);
        // One circle is one fault: it is told of its first member alone.
        const isFirst = circle?.every((member) => member.toLowerCase() >= name.toLowerCase()) === true;
        if (circle !== undefined && isFirst) return [faultAt([...path(name), "depends_on"], `${circle.join(" needs ")}: they need each other`)];
        return [];
      }),
      ...[...services.values()].flatMap((service) => {
        const stopped = service.state === "Running" && own.power !== "off" ? service.dependsOn.find((needed) => services.get(needed.toLowerCase())?.state === "Stopped") : undefined;
        return stopped === undefined ? [] : [faultAt(path(stopped), `${service.name} is Running on ${node}, and ${stopped}, which it needs, is Stopped`)];
      }),
    ];
  });
}

function servicesOf(node: NodeFile, version: string): ReadonlyMap<string, Service> {
  const services = new Map<string, Service>();
  for (const { name, dependsOn, runs, from } of USUAL_SERVICES) {
    if (from !== undefined && compareVersions(version, from) < 0) continue;
    services.set(name.toLowerCase(), { name, dependsOn, state: runs === "active" ? undefined : runs === "everywhere" ? "Running" : "Stopped" });
  }
  for (const [name, own] of Object.entries(node.services ?? {})) {
    const usual = services.get(name.toLowerCase());
    services.set(name.toLowerCase(), { name, dependsOn: own.depends_on ?? usual?.dependsOn ?? [], state: own.state ?? (usual === undefined ? "Running" : usual.state) });
  }
  return services;
}

/** The way from a service back to itself over what each needs; undefined if there is none. */
function circleFrom(services: ReadonlyMap<string, Service>, start: Service): readonly string[] | undefined {
  const seen = new Set<string>();
  const search = (service: Service, way: readonly string[]): readonly string[] | undefined => {
    for (const needed of service.dependsOn) {
      const next = services.get(needed.toLowerCase());
      if (next === undefined) continue;
      if (next === start) return [...way, next.name];
      if (seen.has(next.name)) continue;
      seen.add(next.name);
      const found = search(next, [...way, next.name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(start, [start.name]);
}
