using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Mandates and the ledger that holds them.</summary>
internal static class LedgerModule
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Identity:Delegation").Get<DelegationOptions>() ?? new()).Check())
        .AddSingleton(provider => PurchaseMandateType.Create(provider.GetRequiredService<IMandateVocabulary>()))
        .AddSingleton<MandateRules>()
        .AddSingleton<Ledger>()
        .AddSingleton<IGrantDependents, HoldDependents>();
}
