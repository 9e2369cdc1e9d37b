export { t as withoutServerState } from "./workload.js";
