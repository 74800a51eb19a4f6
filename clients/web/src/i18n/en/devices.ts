/** Alerts on this device. */
export const devices = {
  "devices.title": "Alerts on this device",
  "devices.what": "An alert says why you are called, the urgency and the site. Never anything about the patient, even on a locked screen. It ends when you sign out.",
  "devices.state.on": "This device alerts you, even with the window closed.",
  "devices.state.off": "This device does not alert you while the window is closed.",
  "devices.state.denied": "The browser blocks notifications from this site.",
  "devices.state.unsupported": "This browser cannot alert you from this page.",
  "devices.denied_how": "Touch the lock on the left of the address, allow notifications, then reload the page. On a managed computer, ask your IT.",
  "devices.unsupported_how": "It takes an https address. On iPhone and iPad, first add examroom to the home screen and open it from there.",
  "devices.on": "Alert me on this device",
  "devices.off": "Do not alert me here",
  "devices.trial": "Send a test",
  "devices.trial_sent": "Test sent: the notification should appear. If not, look at the device's silent mode.",
  "devices.trial_failed": "The test did not go out. Try again; if it persists, switch off and on again.",
  "devices.service_refused": "The browser's notification service does not answer. Try again later.",
} as const;
