import { leadTabs } from '@everywire/client/tabs/worker';

leadTabs(self.name);
