import type { Mac } from '../../sandbox/mac.ts';

/** What holds of VM `lab` where a command has done its work. */
export const running = (mac: Mac) => mac.vm('lab').isRunning;
export const off = (mac: Mac) => mac.vm('lab').exists && !mac.vm('lab').isRunning;
export const always = () => true;
