using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.GraphQL.Execution;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>One asking of an operation's field: what its parameters are filled from.</summary>
/// <param name="Request">The request that the field is part of.</param>
/// <param name="Agent">Who asks, with the field's wish for a dry run.</param>
/// <param name="Arguments">What was given.</param>
/// <param name="ResponseName">The field's name in the response.</param>
/// <param name="CancellationToken">Ends when nobody waits for the answer any more.</param>
internal sealed record FieldCall(DoorRequest Request, AgentPrincipal Agent, Arguments Arguments, string ResponseName, CancellationToken CancellationToken)
{
    public const string KeyArgument = "idempotencyKey";
    public const string DryRunArgument = "dryRun";
    private const string KeyHeader = "Idempotency-Key";

    public static FieldCall Of(ResolverContext context, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var agent = arguments[DryRunArgument] is true ? request.Agent with { IsDryRun = true } : request.Agent;
        return new FieldCall(request, agent, arguments, context.ResponseName, context.CancellationToken);
    }

    /// <summary>The field's own key; else the request's with the field's name in the response, so that two fields of one request have two.</summary>
    public string? IdempotencyKey => Arguments.Get<string>(KeyArgument)
        ?? (Request.Http.Request.Headers[KeyHeader].ToString() is { Length: > 0 } key ? $"{key}/{ResponseName}" : null);

    /// <summary>An argument in the operation's type; the problem names the argument.</summary>
    public object? Read(string name, Type type)
    {
        if (!Arguments.TryGet(name, out var given) || given is null)
        {
            return null;
        }
        try
        {
            return JsonSerializer.SerializeToElement(given, Json.Options).Deserialize(type, DoorWire.Options);
        }
        catch (JsonException exception)
        {
            throw Problems.ToException(FieldPointers.Under("/" + name, BindingFailures.Describe(exception)));
        }
    }

    /// <summary>Several arguments as the members of one object; those that were not given keep its defaults.</summary>
    public object Gather(IEnumerable<(string Argument, string Member)> arguments, Type type)
    {
        var given = arguments.Where(one => Arguments[one.Argument] is not null).ToDictionary(one => one.Member, one => Arguments[one.Argument]);
        try
        {
            return JsonSerializer.SerializeToElement(given, Json.Options).Deserialize(type, DoorWire.Options)!;
        }
        catch (JsonException exception)
        {
            throw Problems.ToException(BindingFailures.Describe(exception));
        }
    }
}
