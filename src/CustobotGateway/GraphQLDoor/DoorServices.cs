using CustobotGateway.Catalog;
using CustobotGateway.GraphQLDoor.Operations;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Search;
using FluentValidation;
using Npgsql;

namespace CustobotGateway.GraphQLDoor;

/// <summary>The operations' services that resolvers hand on.</summary>
internal sealed record DoorServices(
    CatalogIndex Index, SearchProducts Search, CursorKey Cursors, AttributeRegistryStore Registry, GrantContext Grants, FieldAccess Access, NpgsqlDataSource Database, TimeProvider Clock,
    IValidator<Catalog.Products.CompareProducts.Request> Comparisons, IValidator<Catalog.Products.BatchGetProducts.Request> Batches);
