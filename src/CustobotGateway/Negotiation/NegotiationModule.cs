using CustobotGateway.Identity.Delegation;
using FluentValidation;

namespace CustobotGateway.Negotiation;

/// <summary>Bargaining about a price inside the merchant's limits, every act on record.</summary>
public static class NegotiationModule
{
    /// <summary>Registers the module.</summary>
    public static IServiceCollection AddNegotiation(this IServiceCollection services) => services
        .AddSingleton(new NegotiationOptions())
        .AddSingleton<IGrantDependents, NegotiationDependents>()
        .AddSingleton<IValidator<OpenNegotiation.Request>, OpenNegotiation.Validator>()
        .AddSingleton<IValidator<MakeOffer.Request>, MakeOffer.Validator>()
        .AddSingleton<IValidator<AcceptOffer.Request>, AcceptOffer.Validator>();

    /// <summary>Maps the module's routes.</summary>
    public static void MapNegotiation(this IEndpointRouteBuilder routes)
    {
        var negotiations = routes.MapGroup("/v1/negotiations").WithTags("Negotiations");
        OpenNegotiation.Map(negotiations);
        MakeOffer.Map(negotiations);
        AcceptOffer.Map(negotiations);
        GetNegotiation.Map(negotiations);
    }
}
