"""The plugin as Bitcart loads it: one more address of its API."""

from datetime import datetime

from fastapi import APIRouter, FastAPI

from api.plugins import BasePlugin

from .hours import state

router = APIRouter()


@router.get("/opening-hours")
async def opening_hours() -> dict:
    return state(datetime.now())


class Plugin(BasePlugin):
    name = "opening_hours"

    def setup_app(self, app: FastAPI) -> None:
        app.include_router(router)

    async def startup(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def worker_setup(self) -> None:
        pass
