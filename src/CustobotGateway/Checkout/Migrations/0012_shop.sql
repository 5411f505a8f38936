-- All settings that the shop ever had; the newest are in force. Before the first, those of the file are, or none.
create table checkout.shop_settings (
    version bigint primary key,
    settings jsonb not null,
    at timestamptz not null,
    actor text not null
);
