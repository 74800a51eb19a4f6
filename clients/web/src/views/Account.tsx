/** What the menu of the account opens. */
import { Devices } from "./Devices";
import { Logout } from "./Logout";
import { overlay } from "./overlay";

export { renew } from "../core/push";

export function Account() {
  return overlay.value === "devices" ? <Devices /> : <Logout />;
}
