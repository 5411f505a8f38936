using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.Delegation.Pages;
using CustobotGateway.Identity.People.Passkeys;
using CustobotGateway.Identity.Seeding;

namespace CustobotGateway.Identity.People;

/// <summary>Accounts, sessions and the pages on which people decide.</summary>
internal static class PeopleSetup
{
    public static IServiceCollection AddPeople(this IServiceCollection services) => services
        .AddSingleton(provider => (provider.GetRequiredService<IConfiguration>().GetSection("Identity:People").Get<PeopleOptions>() ?? new PeopleOptions()).Check())
        .AddSingleton<Passwords>()
        .AddSingleton<Attempts>()
        .AddSingleton<PersonSessions>()
        .AddSingleton<SignIn>()
        .AddSingleton<ChangePassword>()
        .AddSingleton<DisablePerson>()
        .AddSingleton<PendingConsents>()
        .AddSingleton<RememberedConsents>()
        .AddSingleton<FreshLogin>()
        .AddSingleton<Authorize>()
        .AddSingleton<DevicePages>()
        .AddSingleton<Outbox>()
        .AddSingleton<IOutbox>(provider => provider.GetRequiredService<Outbox>())
        .AddSingleton<SignUp>()
        .AddSingleton<ResetPassword>()
        .AddSingleton<ChangeTimeZone>()
        .AddSingleton<PasskeyStore>()
        .AddSingleton<PasskeyCeremonies>()
        .AddSingleton<PasskeyStates>()
        .AddSingleton<PasskeySignIn>()
        .AddSingleton<AccountPasskeys>()
        .AddSingleton<ApplySeed>()
        .AddHostedService<MarkProduction>();

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription().AllowPublic().AddEndpointFilter<SecureHeaders>();
        PersonPages.Map(pages);
        AccountPages.Map(pages);
        PasskeyPages.Map(pages);
        ResetPages.Map(pages);
        GrantPages.Map(pages);
        ApprovalPages.Map(pages);
        if (routes.ServiceProvider.GetRequiredService<PeopleOptions>().SignUp)
        {
            SignUpPages.Map(pages);
        }
    }
}
