export { M as loadAll } from "./yaml.js";
