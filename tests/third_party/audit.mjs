// Runs every audit of npm's graphql-http against a running endpoint:
//   npm install --no-package-lock && npm run audit -- http://localhost:8000/chavagne/graphql
// Exits with 1 unless all of them pass.
import { auditServer } from "graphql-http";

const url = process.argv[2];
if (!url) {
  console.error("Usage: npm run audit -- URL");
  process.exit(2);
}

// The audits send GET requests without the header that our protection against forged requests asks for.
const fetchFn = (target, options = {}) =>
  fetch(target, { ...options, headers: { ...options.headers, "graphql-preflight": "1" } });

const results = await auditServer({ url, fetchFn });
const failed = results.filter((result) => result.status !== "ok");
for (const { id, name, reason } of failed) {
  console.log(`${id} ${name}\n    ${reason}`);
}
console.log(`${results.length - failed.length}/${results.length} audits pass`);
process.exit(failed.length ? 1 : 0);
