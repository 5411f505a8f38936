using System.Text.Json;
using CustobotGateway.Catalog.Import.Mappings;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Catalog.Import;

/// <summary>Registers, reads and lists mappings.</summary>
public static class MappingRoutes
{
    /// <summary>The names that <c>mapping</c> of an import takes.</summary>
    /// <param name="Mappings">In alphabetical order.</param>
    public sealed record Names(IReadOnlyList<string> Mappings);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/mappings", ListAsync).WithName("listMappings").WithTags("Products").AllowPublicRead()
            .WithSummary("List mappings").WithDescription("The names of all mappings of feeds, shipped and registered.").Produces<Names>().ProducesProblem(503);
        routes.MapGet("/v1/mappings/{name}", GetAsync).WithName("getMapping").WithTags("Products").AllowPublicRead()
            .WithSummary("Read a mapping").WithDescription("As it was registered, or as it ships.").Produces<MappingDefinition>().ProducesProblem(404).ProducesProblem(503);
        routes.MapPut("/v1/mappings/{name}", PutAsync).WithName("putMapping").CanDryRun().WithTags("Products").RequireScope(Scopes.CatalogWrite).Validate<MappingDefinition>()
            .WithSummary("Register a mapping").WithDescription("201 for a new name, 200 in place of an earlier one or of the one that ships. Running imports keep theirs.")
            .Produces<MappingDefinition>().Produces<MappingDefinition>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Ok<Names>> ListAsync(HttpContext http, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Names(await http.RequestServices.GetRequiredService<MappingStore>().NamesAsync(cancellationToken)));

    private static async Task<Results<Ok<JsonElement>, ProblemHttpResult>> GetAsync(string name, HttpContext http, CancellationToken cancellationToken) =>
        await http.RequestServices.GetRequiredService<MappingStore>().FindAsync(name, cancellationToken) is { } definition
            ? TypedResults.Ok(definition)
            : CommonProblems.NotFound.With($"There is no mapping '{name}'.", remedy: new Remedy("List the mappings.", "/v1/mappings")).ToHttp();

    private static async Task<IResult> PutAsync(
        string name, MappingDefinition definition, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, AttributeRegistryStore registry,
        CancellationToken cancellationToken)
    {
        if (name != definition.Name)
        {
            return CommonProblems.InvalidRequest.With("name is not the name in the path.", [new("/name", "mismatch", "The path names another mapping.")]).ToHttp();
        }
        try
        {
            _ = new CompiledMapping(definition, registry.Current);
        }
        catch (JsonException exception)
        {
            return ImportProblems.InvalidMapping.With("A rule is not understood; docs/mappings.md describes them.", [new("/fields", "invalid_rule", exception.Path is { Length: > 0 } path ? $"At {path}." : exception.Message)]).ToHttp();
        }
        var outcome = await writes.RunAsync<Kept>(new WriteAttempt(agent, "mappings/" + name, idempotencyKey, definition),
            async transaction => new Kept(await MappingStore.SaveAsync(transaction, definition, cancellationToken)), cancellationToken);
        return outcome.Problem is { } problem ? problem.ToHttp() : outcome.Value.IsNew ? TypedResults.Created($"/v1/mappings/{name}", definition) : TypedResults.Ok(definition);
    }

    private sealed record Kept(bool IsNew);

    internal sealed class Validator : AbstractValidator<MappingDefinition>
    {
        public Validator()
        {
            RuleFor(mapping => mapping.Name).Matches("^[a-z0-9][a-z0-9-]{0,63}$").WithMessage("A name has 1 to 64 lower-case letters, digits and hyphens.");
            RuleFor(mapping => mapping.Confidence).InclusiveBetween(0, 1);
            RuleFor(mapping => mapping.Source).Length(1, 128).When(mapping => mapping.Source is not null);
            RuleFor(mapping => mapping.Brand!.List).Must(list => list.All(name => name.Length > 0)).When(mapping => mapping.Brand is not null).WithMessage("A brand has a name.");
        }
    }
}
