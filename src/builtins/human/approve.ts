import { isNamed, type ApprovalTerms } from "../../core/approval.ts";
import { defineBuiltin, type Decision, type Past, type PastAnswer, type Question } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { ANSWER_OUTPUTS, askedWith, declined, outputsOf, QUESTION_INPUTS, type AnswerOutputs } from "./shared/consent.ts";

/** Asks until as many different accounts have said yes as the terms want; a no ends it. */
function decideApproval(question: Question, terms: ApprovalTerms, past: Past): Decision<AnswerOutputs> {
  const { approvers, count } = terms;
  const named = [...new Set(approvers)];
  if (approvers !== undefined && named.length < count) return giveUp(past, "bad_input", `${count} different accounts have to say yes, and \`approvers\` names ${named.length === 0 ? "nobody" : named.join(", ")}`);
  const counted = past.answers.filter((answer) => approvers === undefined || isNamed(approvers, answer));
  const no = counted.find(({ answer }) => answer !== "yes");
  if (no !== undefined) return declined(past, no, "said no");
  const approved = new Map<string, PastAnswer>();
  for (const answer of counted) if (!approved.has(answer.account)) approved.set(answer.account, answer);
  const given = [...approved.values()];
  const last = given.at(-1);
  if (last !== undefined && given.length >= count) {
    return { kind: "done", outputs: outputsOf(last, given.slice(0, -1)), because: `${given.map(({ by }) => by).join(" and ")} said yes` };
  }
  const because = given.length === 0 ? "a person has to answer first" : `${given.length} of ${count} have said yes`;
  return { kind: "ask", question: { ...question, terms: { ...terms, approved: [...approved.keys()] } }, because };
}

/** `human.approve`: someone with authority says yes before the run goes on. */
export const humanApprove = defineBuiltin({
  name: "human.approve",
  title: "Ask for an approval",
  docs: [
    "Someone with authority says yes, and the run goes on. A no of anyone who may answer ends the step with `declined`.",
    "",
    "`approvers` names accounts, `grace`, or one account of one machine, `grace@ops1`. What is compared is the account that was *seen* to answer: on a terminal the one that runs the command, with `runbook answer` the one that left the answer. `by` is what the person says of themselves: it is recorded, and never makes anybody an approver. An account counts once, on however many machines; `not-operator` leaves out the account that started the run.",
    "",
    "An approval is of what was shown: it is bound to the run, the step, the plan, the question and the lines of `show`. One that has expired, and after which nothing was changed, is asked for again when the run is resumed.",
    "",
    "On a terminal it is asked there; elsewhere the run ends `waiting`, and `runbook answer` takes the answer.",
  ].join("\n"),
  examples: [
    {
      title: "Approve an outage",
      yaml: [
        "- id: approve_outage",
        "  uses: human.approve",
        "  with:",
        "    question: The mailboxes go offline for some minutes now. Go on?",
        "    show: [The passive node is updated and its copies are healthy.]",
      ].join("\n"),
    },
    {
      title: "Two of three, none of them the one who started the run, within a day",
      yaml: [
        "- id: approve_failover",
        "  uses: human.approve",
        "  with:",
        "    question: The whole site is taken out of service now. Go on?",
        "    approvers: [grace, heidi, ivan]",
        "    count: 2",
        "    not-operator: true",
        "    expires: 1d",
      ].join("\n"),
    },
  ],
  inputs: {
    question: { type: "string", description: "What is asked; it should say what happens after a yes" },
    approvers: { type: "list", items: { type: "string" }, required: false, description: "Who may answer: accounts, or `account@host`; without it whoever is there" },
    count: { type: "integer", minimum: 1, maximum: 10, default: 1, description: "So many different accounts have to say yes" },
    "not-operator": { type: "boolean", default: false, description: "The account that started the run may not answer" },
    ...QUESTION_INPUTS,
  },
  outputs: ANSWER_OUTPUTS,
  codes: {},
  place: "none",
  timeoutMs: 3_600_000,
  actions: {},
  look: () => ({}),
  decide(inputs, _facts, past) {
    const { approvers, count } = inputs;
    const terms: ApprovalTerms = { ...(approvers === undefined ? {} : { approvers }), count, approved: [], notOperator: inputs["not-operator"] };
    return decideApproval({ kind: "approve", text: inputs.question, ...askedWith(inputs) }, terms, past);
  },
});
