/** The form in which builtins of this area give groups. */
export const GROUPS_OUTPUT = {
  type: "list",
  description: "Every group of the cluster, in the order in which the cluster names them",
  items: {
    type: "object",
    properties: {
      name: { type: "string" },
      owner: { type: "string", format: "netbios_name", description: "The node that owns it" },
      state: { type: "string", enum: ["Online", "Offline", "Partially Online", "Failed", "Pending"] },
    },
  },
} as const;
