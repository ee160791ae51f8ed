/** The product code of Exchange Server 2007: one for all its service packs (domain page, 4.4). */
export const EXCHANGE_PRODUCT = "{24B2C164-DE66-44FE-B468-A46D9D5E6B31}";
