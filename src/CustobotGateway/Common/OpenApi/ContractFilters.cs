using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CustobotGateway.Common.OpenApi;

/// <summary>Completes what the routes say of themselves: who may call, which refusals can come back, an example.</summary>
internal sealed class ContractFilters(ContractExamples examples) : IOperationFilter, IDocumentFilter
{
    public const string AdministratorExtension = "x-administrator-only";
    public const string SecurityScheme = "bearer";
    public const string OAuthScheme = "oauth2";
    private const string ProblemMediaType = "application/problem+json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var access = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RouteAccess>().LastOrDefault() ?? RouteAccess.Public;
        // Expressly nothing where anyone may call: an optional requirement would put a padlock on every public read.
        operation.Security = IsGuarded(access)
            ?
            [
                .. access.Or.Prepend(access).Select(way => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(OAuthScheme, context.Document)] = [way.Scope!] }),
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityScheme, context.Document)] = [] },
            ]
            : [];
        if (string.IsNullOrEmpty(operation.Description))
        {
            operation.Description = operation.Summary + ".";
        }
        if (IsGuarded(access))
        {
            operation.Description += $" Needs {string.Join(", or ", access.Or.Prepend(access).Select(Needed))}.";
        }
        if (access.AdministratorOnly)
        {
            operation.AddExtension(AdministratorExtension, new JsonNodeExtension(true));
        }
        if (context.ApiDescription.HttpMethod == HttpMethods.Head)
        {
            // A route of GET and HEAD has one name; operations have one each.
            operation.OperationId = operation.OperationId?.Replace("get", "head", StringComparison.Ordinal);
        }
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<Rehearsal>().Any(rehearsal => rehearsal.ChangesState))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Prefer",
                In = ParameterLocation.Header,
                Description = "dry-run: everything is checked and answered as if it were done, and nothing is changed (RFC 7240).",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
        operation.Responses ??= [];
        foreach (var status in Refusals(operation, access))
        {
            operation.Responses.TryAdd(status.ToString(System.Globalization.CultureInfo.InvariantCulture), new OpenApiResponse { Description = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) });
        }
        foreach (var (status, response) in operation.Responses)
        {
            if (status[0] is '4' or '5' && response is OpenApiResponse refusal)
            {
                refusal.Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [ProblemMediaType] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemBody), context.SchemaRepository) },
                };
            }
        }
        examples.Apply(operation);
    }

    private static string Needed(RouteAccess access) => $"the scope '{access.Scope}'"
        + (access.AdministratorOnly ? " and the role administrator" : access.Roles is null ? "" : $" and one of the roles {string.Join(", ", access.Roles)}");

    private static bool IsGuarded(RouteAccess access) => access is { Scope: not null, IsPublicRead: false };

    private static IEnumerable<int> Refusals(OpenApiOperation operation, RouteAccess access)
    {
        yield return StatusCodes.Status400BadRequest;
        if (IsGuarded(access))
        {
            yield return StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
        }
        if (operation.RequestBody is not null)
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }
    }

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        // The framework's own type for refusals, of which ProblemBody is the full form.
        document.Components?.Schemas?.Remove(nameof(ProblemDetails));
        document.Tags = new HashSet<OpenApiTag>(ContractSetup.Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Text }));
    }
}
