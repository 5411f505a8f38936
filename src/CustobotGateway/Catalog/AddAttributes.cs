using System.Text.Json;
using System.Text.Json.Serialization;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Catalog;

/// <summary>Registers attributes while the gateway runs; they are searchable and described at once.</summary>
public static class AddAttributes
{
    /// <summary>One attribute definition, or <c>{"attributes":[…]}</c> with several.</summary>
    /// <param name="Attributes">The definitions, 1 to 4096.</param>
    [JsonConverter(typeof(BatchConverter))]
    public sealed record Batch(IReadOnlyList<AttributeDefinition> Attributes)
    {
        /// <summary>Whether the body was one bare definition, which the places of errors depend on.</summary>
        [JsonIgnore]
        public bool IsSingle { get; init; }
    }

    /// <summary>What registering came to.</summary>
    /// <param name="Added">How many attributes are new.</param>
    /// <param name="Updated">How many had other words, values or categories, which were replaced.</param>
    /// <param name="Unchanged">How many were registered already, identically.</param>
    /// <param name="Attributes">All that the request named, as they are now.</param>
    public sealed record Result(int Added, int Updated, int Unchanged, IReadOnlyList<AttributeView> Attributes);

    internal static void Map(RouteGroupBuilder attributes) => attributes
        .MapPost("", HandleAsync).WithName("addAttributes").CanDryRun().RequireScope(Scopes.CatalogWrite).LimitBody(AttributeLimits.BodyBytes).Validate<Batch>()
        .WithSummary("Register one attribute or several")
        .WithDescription("The body is one definition or {\"attributes\":[…]}; all are registered or none. 201 when one is new, 200 when all were there. A definition with other words replaces the one before; another type, unit or search behaviour is refused with attribute_conflict, since stored values depend on it.")
        .Produces<Result>().Produces<Result>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> HandleAsync(
        Batch batch, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, HttpContext context, Writes writes, AttributeRegistryStore store,
        CancellationToken cancellationToken)
    {
        var acceptLanguage = context.Request.Headers.AcceptLanguage.ToString();
        var outcome = await RunAsync(batch, acceptLanguage, idempotencyKey, agent, writes, store, cancellationToken);
        if (outcome.Problem is { } problem)
        {
            return (batch.IsSingle ? problem with { Errors = [.. problem.Errors.Select(error => error with { Pointer = "" })] } : problem).ToHttp();
        }
        GetAttribute.DescribeLanguage(context, AttributeLanguages.Choose(acceptLanguage, store.Current));
        return outcome.Value.Added == 0 ? TypedResults.Ok(outcome.Value)
            : TypedResults.Created(batch.IsSingle ? $"/v1/attributes/{batch.Attributes[0].Key}" : "/v1/attributes", outcome.Value);
    }

    internal static async Task<Outcome<Result>> RunAsync(
        Batch batch, string? acceptLanguage, string? idempotencyKey, AgentPrincipal agent, Writes writes, AttributeRegistryStore store, CancellationToken cancellationToken)
    {
        var outcome = await writes.RunAsync<Result>(new WriteAttempt(agent, "attributes", idempotencyKey, batch), async transaction =>
        {
            var registered = await AttributeRegistryStore.AddAsync(transaction, batch.Attributes, cancellationToken);
            if (registered.Problem is { } problem)
            {
                return problem;
            }
            var registration = registered.Value;
            var language = AttributeLanguages.Choose(acceptLanguage, registration.Registry);
            return new Result(registration.Added, registration.Updated, registration.Unchanged,
                [.. batch.Attributes.Select(definition => AttributeView.Of(registration.Registry.Find(definition.Key)!, language))]);
        }, cancellationToken);
        if (outcome.Succeeded && !agent.IsDryRun)
        {
            await store.RefreshAsync(cancellationToken);
        }
        return outcome;
    }

    /// <summary>Validates each definition, and that no two have one key.</summary>
    public sealed class Validator : AbstractValidator<Batch>
    {
        private const int MostErrors = 100;
        private readonly AttributeDefinitionValidator _definition = new();

        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(batch => batch.Attributes).NotEmpty().WithMessage("Name at least one attribute.");
            RuleFor(batch => batch).Custom(Check);
        }

        private void Check(Batch batch, ValidationContext<Batch> context)
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            var errors = 0;
            for (var i = 0; i < batch.Attributes.Count && errors < MostErrors; i++)
            {
                var place = batch.IsSingle ? "" : $"Attributes[{i}].";
                if (batch.Attributes[i] is not { } definition)
                {
                    errors++;
                    context.AddFailure(new ValidationFailure($"Attributes[{i}]", "A definition is an object.") { ErrorCode = "required" });
                    continue;
                }
                foreach (var failure in _definition.Validate(definition).Errors)
                {
                    errors++;
                    context.AddFailure(new ValidationFailure(place + failure.PropertyName, failure.ErrorMessage) { ErrorCode = failure.ErrorCode });
                }
                if (!keys.Add(definition.Key))
                {
                    errors++;
                    context.AddFailure(new ValidationFailure(place + nameof(definition.Key), $"'{definition.Key}' stands more than once in the request.") { ErrorCode = "duplicate" });
                }
            }
        }
    }

    private sealed class BatchConverter : JsonConverter<Batch>
    {
        private sealed record Several(IReadOnlyList<AttributeDefinition> Attributes);

        public override Batch? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (!HasAttributes(reader))
            {
                return JsonSerializer.Deserialize<AttributeDefinition>(ref reader, options) is { } one ? new Batch([one]) { IsSingle = true } : null;
            }
            return JsonSerializer.Deserialize<Several>(ref reader, options) is { } several ? new Batch(several.Attributes) : null;
        }

        public override void Write(Utf8JsonWriter writer, Batch value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Several(value.Attributes), options);

        /// <summary>Looks ahead with a copy of the reader, which leaves the reader where it is.</summary>
        private static bool HasAttributes(Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("attributes"u8))
                {
                    return true;
                }
                reader.Skip();
            }
            return false;
        }
    }
}
