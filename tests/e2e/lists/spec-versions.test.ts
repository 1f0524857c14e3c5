import { registryCases } from './registry-cases.ts';

registryCases('double');
