/** Four invented agencies: a third one can compare what two others show. */
import type { AgencyPlan } from '../agency.js';

export const plans: AgencyPlan[] = [
  { name: 'qm-cus', id: 'https://qm-cus.example', title: 'Customs of Merovia (invented)', country: 'QM', type: 'CUS' },
  { name: 'qn-lic', id: 'https://qn-lic.example', title: 'Export licensing of Noravia (invented)', country: 'QN', type: 'LIC' },
  { name: 'qo-mar', id: 'https://qo-mar.example', title: 'Maritime authority of Orland (invented)', country: 'QO', type: 'MAR' },
  { name: 'qp-cus', id: 'https://qp-cus.example', title: 'Customs of Paloma (invented)', country: 'QP', type: 'CUS' },
];
