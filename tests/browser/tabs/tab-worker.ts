import { leadTabs } from '@everywire/client/tabs/worker';

// The shared worker in which the tabs of one group have their connection.
leadTabs(self.name);
