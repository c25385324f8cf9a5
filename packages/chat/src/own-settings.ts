/** The store setting (`Accounts.setting`) with the id by which a store claims its files. */
export const STORE_ID_SETTING = 'storeId';
/** The store setting with the secret from which the keys of a store are derived, as that by which its nodes trust each other. */
export const STORE_SECRET_SETTING = 'storeSecret';

/**
 * The settings that a restored store must not have in common with the one of the backup, which may still be running: it
 * would delete the files of that one, and their nodes would act on what the others send.
 */
export const OWN_SETTINGS: readonly string[] = [STORE_ID_SETTING, STORE_SECRET_SETTING];
