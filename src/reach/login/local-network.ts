/**
 * What to do if macOS says that there is no way to a guest that is there. It says so at once to programs of a terminal that may not use
 * the local network. Terminal.app and ssh logins may; agents of launchd can neither ask nor be allowed by hand.
 */
export const LOCAL_NETWORK_HINT =
  'macOS may block it: allow your terminal in System Settings > Privacy & Security > Local Network. A VPN can do this too.';

/** Messages of ssh and scp for EHOSTUNREACH, ENETUNREACH and EHOSTDOWN. */
export const NO_WAY = /No route to host|Network is unreachable|Host is down/;
