export { t as applyServiceAccount } from "./workload.js";
