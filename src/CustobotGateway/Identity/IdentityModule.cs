using CustobotGateway.Common.Http;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.People;
using CustobotGateway.Identity.ResourceServer;
using FluentValidation;

namespace CustobotGateway.Identity;

/// <summary>Who agents are and what people let them do.</summary>
public static class IdentityModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services) => services
        .AddSingleton<IRecognizer, GrantRecognizer>()
        .AddPeople()
        .AddSingleton<IValidator<IssueGrant.Request>, IssueGrant.Validator>()
        .AddAuthorizationServer()
        .AddResourceServer();

    /// <summary>Maps the module's routes.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        routes.MapPeople();
        routes.MapResourceServer();
        var grants = routes.MapGroup("/v1/grants").WithTags("Grants");
        IssueGrant.Map(grants);
        RevokeGrant.Map(grants);
        GetRemaining.Map(grants);
        routes.MapAuthorizationServer();
    }
}
