/** The inputs that say how far a copy may lag behind (domain page, 3.3; the thresholds are ours). */
export const QUEUE_LIMITS = {
  max_copy_queue: { type: "integer", minimum: 0, default: 1, description: "Logs that may wait to be copied" },
  max_replay_queue: { type: "integer", minimum: 0, default: 10, description: "Logs that may wait to be replayed" },
} as const;
