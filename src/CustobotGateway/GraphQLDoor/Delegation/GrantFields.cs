using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Preferences;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.Identity.Delegation;

namespace CustobotGateway.GraphQLDoor.Delegation;

/// <summary>What people delegated: REST's operations with REST's rules. What REST refuses is refused here in the same words.</summary>
internal static class GrantFields
{
    private static readonly AccessOptions Access = new();

    private static readonly JsonSerializerOptions Wire = MakeWire();

    public static void Bind(Resolvers resolvers) => resolvers
        .FieldAsync("Query", "grants", (context, _, arguments) => RunAsync(context, GrantAccess.Reader, (grants, actor, token) =>
            ListGrants.RunAsync(grants, actor, new(EnumOf<GrantStatus>(arguments, "status"), arguments.Get<string>("person"), arguments.Get<string>("after"), arguments["first"] as int?), token)))
        .FieldAsync("Query", "grant", (context, _, arguments) => RunAsync(context, GrantAccess.Reader, (grants, actor, token) => GetGrant.RunAsync(grants, actor, IdOf(arguments), token)))
        .FieldAsync("Query", "approvals", (context, _, arguments) => RunAsync(context, GrantAccess.Reader, (grants, actor, token) =>
            ListApprovals.RunAsync(grants, actor, new(EnumOf<ApprovalState>(arguments, "state"), arguments.Get<string>("grantId"), arguments.Get<string>("after"), arguments["first"] as int?), token)))
        .FieldAsync("Query", "approval", (context, _, arguments) => RunAsync(context, GrantAccess.Reader, (grants, actor, token) => GetApproval.RunAsync(grants, actor, IdOf(arguments), token)))
        .FieldAsync("Grant", "remaining", RemainingAsync)
        .FieldAsync("Mutation", "pauseGrant", (context, _, arguments) => RunAsync(context, GrantAccess.Manager, (grants, actor, token) => PauseGrant.RunAsync(grants, actor, IdOf(arguments), token)))
        .FieldAsync("Mutation", "resumeGrant", (context, _, arguments) => RunAsync(context, GrantAccess.Manager, (grants, actor, token) => ResumeGrant.RunAsync(grants, actor, IdOf(arguments), token)))
        .FieldAsync("Mutation", "revokeGrant", (context, _, arguments) => RunAsync(context, GrantAccess.Manager, (grants, actor, token) => RevokeGrant.RunAsync(grants, actor, IdOf(arguments), token)))
        .FieldAsync("Mutation", "setPreferences", SetPreferencesAsync)
        .FieldAsync("Mutation", "approvePurchase", (context, _, arguments) => DecideAsync(context, arguments, ApprovalDecision.Approve))
        .FieldAsync("Mutation", "denyPurchase", (context, _, arguments) => DecideAsync(context, arguments, ApprovalDecision.Deny));

    private static ValueTask<FieldValue> DecideAsync(ResolverContext context, Arguments arguments, ApprovalDecision decision) =>
        RunAsync(context, GrantAccess.Decider, (grants, actor, token) => DecideApproval.RunAsync(grants, actor, IdOf(arguments), decision, token));

    private static ValueTask<FieldValue> SetPreferencesAsync(ResolverContext context, object? parent, Arguments arguments) =>
        RunAsync(context, GrantAccess.Decider, async (grants, actor, token) =>
        {
            BuyingPreferences? preferences;
            try
            {
                preferences = JsonSerializer.SerializeToElement(arguments["preferences"], Json.Options).Deserialize<BuyingPreferences>(Json.Options);
            }
            catch (JsonException exception)
            {
                var problem = BindingFailures.Describe(exception);
                return problem with { Errors = [.. problem.Errors.Select(Placed)] };
            }
            var outcome = await SetPreferences.RunAsync(grants, actor, IdOf(arguments), preferences ?? BuyingPreferences.None, token);
            return outcome.Succeeded ? await GetGrant.RunAsync(grants, actor, IdOf(arguments), token) : outcome.Problem! with { Errors = [.. outcome.Problem!.Errors.Select(Placed)] };
        });

    private static FieldError Placed(FieldError error) => error with { Pointer = "/preferences" + error.Pointer };

    // Of a grant that has no budget, such as one that only reads, there is none left.
    private static async ValueTask<FieldValue> RemainingAsync(ResolverContext context, object? parent, Arguments arguments)
    {
        var request = (DoorRequest)context.State!;
        var id = ((JsonElement)parent!).GetProperty("id").GetString()!;
        var remaining = await DatabaseReads.RunAsync(() => GetRemaining.RunAsync(request.Services.Grants, GrantActor.Of(request.Agent), id, context.CancellationToken));
        return remaining.Succeeded ? FieldValue.Json(JsonSerializer.SerializeToUtf8Bytes(remaining.Value, Json.Options)) : FieldValue.Null;
    }

    private static async ValueTask<FieldValue> RunAsync<T>(ResolverContext context, RouteAccess access, Func<GrantContext, GrantActor, CancellationToken, Task<Outcome<T>>> run)
        where T : notnull
    {
        var request = (DoorRequest)context.State!;
        if (LackOf(access, request.Agent) is { } lack)
        {
            throw Problems.ToException(lack);
        }
        var outcome = await DatabaseReads.RunAsync(() => run(request.Services.Grants, GrantActor.Of(request.Agent), context.CancellationToken));
        return outcome.Succeeded ? FieldValue.From(JsonSerializer.SerializeToElement(outcome.Value, Wire)) : throw Problems.ToException(outcome.Problem!);
    }

    // What REST's routes ask of a token before an operation runs.
    private static Problem? LackOf(RouteAccess access, AgentPrincipal agent) => access.LackOf(agent, Access) switch
    {
        Lack.Nothing => null,
        Lack.Token => CommonProblems.Unauthorized.With($"This field needs an access token with the scope '{access.Scope}'."),
        Lack.Role => CommonProblems.Forbidden.With($"This field needs one of the roles {string.Join(", ", access.Roles ?? [])}, none of which the caller has."),
        _ => CommonProblems.InsufficientScope.With($"The token does not hold the scope {access.Scope}."),
    };

    private static string IdOf(Arguments arguments) => arguments.Get<string>("id")!;

    private static T? EnumOf<T>(Arguments arguments, string name)
        where T : struct, Enum => arguments.Get<string>(name) is { } text ? Enum.Parse<T>(text, ignoreCase: true) : null;

    private static JsonSerializerOptions MakeWire()
    {
        var options = new JsonSerializerOptions(Json.Options) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        options.Converters.Clear();
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper));
        options.Converters.Add(new PreferencesOfRest());
        return options;
    }

    /// <summary>Preferences are one JSON value, of the same form whichever door they go through.</summary>
    private sealed class PreferencesOfRest : JsonConverter<BuyingPreferences>
    {
        public override BuyingPreferences? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize<BuyingPreferences>(ref reader, Json.Options);

        public override void Write(Utf8JsonWriter writer, BuyingPreferences value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Json.Options);
    }
}
