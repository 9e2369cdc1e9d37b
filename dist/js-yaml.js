export { M as load } from "./yaml.js";
