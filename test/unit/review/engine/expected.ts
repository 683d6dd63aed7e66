/*
 * What each recorded run does and why, written by hand from its program (test/support/record-engine-runs/cases-*.ts) and
 * never copied from an output. A line for each step: kind, component path, order, marks; then its causes, each with the root
 * and the root's properties.
 */

const nodes = [
  "dev-web/dev-web-1",
  "dev-web/dev-web-2",
  "dev-web/dev-web-3",
  "dev-web-standby/dev-web-standby-hot-1",
  "dev-web-standby/dev-web-standby-cold-1",
];

/** Files go to both balancers in place. */
const bothFiles = [1, 2].map((balancer) => `update dev/dev-tier/dev-tier-lb-${balancer}-files`);

export const expectedSteps: Readonly<Record<string, readonly string[]>> = {
  "own-create-first": ["replace net create-first: property pinSubnet"],
  "own-delete-first": ["replace net delete-first: property frail"],
  "own-option-delete-first": ["replace net delete-first: property pinSubnet"],
  "own-option-create-first": ["replace net create-first: property frail"],
  "own-added-and-removed": ["replace net create-first: property pinNew pinOld"],
  "own-several-properties": ["replace net create-first: property pinA pinB"],
  "own-replace-on-changes": ["replace net create-first: property size"],

  "requested-replace": ["replace net create-first: requested", "update node"],
  "requested-replace-of-two-in-a-chain": [
    "replace net delete-first: requested",
    // The engine forgets the request where it has deleted the resource already.
    "replace node delete-first: cascade of net",
  ],
  "requested-taint": ["replace net create-first: requested"],
  "requested-and-changed": ["replace net create-first: requested"],
  trigger: ["replace node create-first: trigger"],
  "trigger-and-changed": ["replace node create-first: trigger"],
  "trigger-delete-first": [
    "replace door delete-first: cascade of node",
    "replace node delete-first: trigger",
  ],

  "provider-swapped": ["replace node create-first: provider"],
  "provider-replaced": [
    "replace net create-first: provider of own region",
    "replace node create-first: provider of own region",
    "replace own create-first: property region",
  ],
  "provider-changed-in-place": ["update own"],
  "init-error-replaced": ["replace node create-first: init-error"],
  "init-error-updated": ["update node: init-error"],

  "cascade-delete-first": [
    "replace net delete-first: property frail",
    "replace node delete-first: cascade of net frail",
  ],
  "cascade-create-first": [
    "replace net create-first: property pinSubnet",
    "replace node create-first: cascade of net pinSubnet",
  ],
  "cascade-depth-2": [
    "replace door delete-first: cascade of net frail",
    "replace net delete-first: property frail",
    "replace node delete-first: cascade of net frail",
  ],
  "cascade-depth-4": [
    "replace level-0 delete-first: property frail",
    ...[1, 2, 3, 4].map((level) => `replace level-${level} delete-first: cascade of level-0 frail`),
  ],
  "cascade-depth-4-create-first": [
    "replace level-0 create-first: property pinRoot",
    ...[1, 2, 3, 4].map((level) => `replace level-${level} create-first: cascade of level-0 pinRoot`),
  ],
  "cascade-diamond": [
    "replace bottom delete-first: cascade of top frail",
    "replace left delete-first: cascade of top frail",
    "replace right delete-first: cascade of top frail",
    "replace top delete-first: property frail",
  ],
  // Whichever root comes first deletes what hangs on both, and the engine names only that one.
  "cascade-two-roots": [
    "replace both delete-first: cascade of one frail",
    "replace one delete-first: property frail",
    "replace two delete-first: property frail",
  ],
  "cascade-wide": [
    "replace net delete-first: property frail",
    ...[1, 2, 3, 4, 5, 6].map((node) => `replace node-${node} delete-first: cascade of net frail`),
  ],
  "cascade-with-own-change": [
    "replace net delete-first: property frail",
    "replace node delete-first: cascade of net frail",
  ],
  "cascade-mixed-order": [
    "replace door delete-first: cascade of net pinSubnet",
    "replace net create-first: property pinSubnet",
    "replace node delete-first: cascade of net pinSubnet",
  ],
  "cascade-from-an-update": ["replace node create-first: cascade of template size", "update template"],
  "cascade-by-a-known-value": ["update net", "replace node create-first: cascade of net size"],
  "cascade-stops-at-an-update": ["replace net delete-first: property frail", "update node"],
  "cascade-of-a-request": [
    "replace door delete-first: cascade of net",
    "replace net delete-first: requested",
    "replace node delete-first: cascade of net",
  ],
  "cascade-to-one-that-is-gone": ["replace net delete-first: property frail", "delete node: gone"],
  "cascade-in-components": [
    "replace cluster/tier/pool/node delete-first: cascade of net frail",
    "replace cluster/net delete-first: property frail",
  ],
  "cascade-of-a-rename": [
    "replace net-new delete-first: property frail",
    "replace node delete-first: cascade of net-new frail",
  ],
  "cascade-of-a-provider": [
    "replace node delete-first: provider of seed frail",
    "replace seed delete-first: property frail",
    "replace own delete-first: cascade of seed frail",
  ],
  "cascade-to-a-rename": [
    "replace net delete-first: property frail",
    "replace node-new delete-first: cascade of net frail",
  ],
  "order-only-dependency": ["replace net delete-first: property frail"],
  "replace-with": [
    "replace net create-first: property pinSubnet",
    "replace node create-first: replace-with of net pinSubnet",
  ],
  // The state doesn't have the tie yet.
  "replace-with-newly-tied": [
    "replace net create-first: property pinSubnet",
    "replace node create-first: replace-with of net pinSubnet",
  ],
  "replace-with-delete-first-chain": [
    "replace door create-first: cascade of net frail",
    "replace net delete-first: property frail",
    "replace node delete-first: replace-with of net frail",
  ],
  "deleted-with": [
    "replace net create-first: property pinSubnet",
    "replace node create-first: deleted-with of net pinSubnet",
  ],
  "deleted-with-delete-first": [
    "replace net delete-first: property frail",
    "replace node delete-first: deleted-with of net frail",
  ],
  "deleted-with-one-that-is-gone": ["delete net: gone", "delete node: deleted-with of net"],

  import: ["import node"],
  "import-that-differs": ["import node", "update node"],
  "import-over-another": ["replace node create-first: identity"],
  read: ["read found"],
  "read-instead-of-own": ["replace node create-first: identity"],
  "own-instead-of-read": ["replace node create-first retained: identity"],
  "no-longer-read": ["discard node retained: gone"],

  "first-run": ["create cluster/net", "create cluster/node", "create cluster", "create recorded-lab"],
  "nothing-changes": [],
  "create-update-delete": ["create cluster/comes", "delete cluster/goes: gone", "update cluster/stays"],
  "alias-rename": [],
  "alias-new-parent": ["replace cluster/node create-first: property pinSize"],
  "moves-between-components": ["replace two/node create-first: property pinSize"],
  "retained-delete": ["delete node retained: gone"],
  "retained-replace": ["replace node create-first retained: property pinSize"],
  "protected-delete": ["delete node protected failed: gone", "update other"],
  "protected-replace": ["replace node create-first protected failed: property pinSize"],
  // The engine stops before it tells why the other one is replaced; with --ignore-protect it goes on.
  "protected-dependent": ["replace node delete-first protected failed: cascade of net"],
  "protected-dependent-shown": [
    "replace net delete-first: property frail",
    "replace node delete-first protected: cascade of net frail",
  ],
  "unprotected-and-replaced": ["replace node create-first: property pinSize"],
  "holds-data": [
    "replace database create-first data: property pinEngine",
    "update bucket data",
    "delete volume data: gone",
  ],

  "secret-in-inputs": ["replace node create-first: property pinKey"],
  "secret-in-a-cascade": [
    "replace net delete-first: property frail",
    "replace node delete-first: cascade of net frail",
  ],
  "unknown-outputs": ["create made", "update node"],
  "password-in-plain": ["update node"],
  assets: ["replace node create-first: property pinFile"],

  "program-throws-at-the-end": ["replace node create-first: property pinSize"],
  "program-logs": ["update node"],
  "stream-ends-after-a-deletion": [
    "replace net delete-first: unknown",
    "replace node delete-first: cascade of net",
  ],
  "stream-ends-in-the-middle": [
    "replace net delete-first: property frail",
    "replace node delete-first: cascade of net frail",
  ],
  "interrupted-delete-first": [
    "replace net delete-first: interrupted; property frail",
    "replace node delete-first: interrupted; cascade of net frail",
  ],
  "interrupted-create-first": ["delete net: interrupted", "replace node create-first: property pinSize"],
  "interrupted-and-changed-again": [
    "delete net: interrupted",
    "replace net create-first: property pinSubnet",
    "replace node create-first: cascade of net pinSubnet",
  ],
  "interrupted-and-gone": [],
  "drift-refresh": [],
  "drift-none": [],
  "drift-in-a-preview": ["update changed", "create gone"],
  "update-fails": ["replace node create-first failed: property pinSize"],
  destroy: [
    "delete cluster/node: requested",
    "delete cluster: requested",
    "delete own: requested",
    "delete recorded-lab: requested",
  ],
  policies: ["update node", "update other"],

  "own-stack-unchanged": [],
  "own-stack-scale-up": ["create dev/dev-web/dev-web-4", "create dev/dev-web/dev-web-5", ...bothFiles],
  "own-stack-scale-down": [
    "delete dev/dev-web/dev-web-2: gone",
    "delete dev/dev-web/dev-web-3: gone",
    ...bothFiles,
  ],
  "own-stack-algorithm": bothFiles,
  "own-stack-weights": bothFiles,
  "own-stack-more-hot": ["create dev/dev-web-standby/dev-web-standby-hot-2", ...bothFiles],
  "own-stack-no-cold": ["delete dev/dev-web-standby/dev-web-standby-cold-1: gone", ...bothFiles],
  "own-stack-balancer-size": [
    "replace dev/dev-tier/dev-tier-lb-1 delete-first: property cpus",
    "replace dev/dev-tier/dev-tier-lb-2 delete-first: property cpus",
    ...bothFiles,
  ],
  "own-stack-subnet": [
    "replace dev/dev-network delete-first: property ipamConfigs",
    ...[
      "dev-door",
      "dev-warden-1",
      "dev-warden-2",
      "dev-tier/dev-tier-lb-1",
      "dev-tier/dev-tier-lb-2",
      ...nodes,
    ].map((machine) => `replace dev/${machine} delete-first: cascade of dev-network ipamConfigs`),
    ...bothFiles,
  ],
  // A new generation of each node: another name and address beside the new environment.
  "own-stack-environment": [
    ...nodes.map((node) => `replace dev/${node} create-first: property envs labels name networksAdvanced`),
    ...bothFiles,
  ],
  "own-stack-one-balancer": [
    "replace dev/dev-door delete-first: property uploads",
    "delete dev/dev-warden-2: gone",
    "delete dev/dev-tier/dev-tier-lb-2: gone",
    // Its two volumes; the first bears the name of its container.
    "delete dev/dev-tier/dev-tier-lb-2 data: gone",
    "delete dev/dev-tier/dev-tier-lb-2-run data: gone",
    "delete dev/dev-tier/dev-tier-lb-2-files: gone",
    "update dev/dev-tier/dev-tier-lb-1-files",
  ],
  "own-stack-refused": [],
  "own-stack-drift": [],
};

/** How a run ended, where not well. */
export const expectedResults: Readonly<Record<string, string>> = {
  "engine-killed": "incomplete",
  "protected-delete": "failed",
  "protected-replace": "failed",
  "protected-dependent": "failed",
  "program-throws-at-the-end": "failed",
  "stream-ends-after-a-deletion": "incomplete",
  "stream-ends-in-the-middle": "incomplete",
  "update-fails": "failed",
  policies: "failed",
  "own-stack-refused": "failed",
};
